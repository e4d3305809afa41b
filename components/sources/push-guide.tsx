"use client";

import { useState } from "react";

import { Section } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import {
  PROVIDER_PLACEHOLDER,
  pushSnippets,
  SECRET_PLACEHOLDER,
} from "@/lib/client/push-snippets";
import type { Source } from "@/lib/domain/source";

export function PushGuide({
  source: { identifier, providers },
  ingestUrl,
}: {
  source: Source;
  ingestUrl: string;
}) {
  const [providerId, setProviderId] = useState(providers[0]?.id ?? "");
  const snippets = pushSnippets({
    ingestUrl,
    identifier,
    providerId: providerId || PROVIDER_PLACEHOLDER,
  });
  return (
    <div className="space-y-6">
      <Section
        title="Push from a program"
        description="A program fetches a token with a provider's id and secret, then posts entries. These examples do both."
      >
        <div className="space-y-4">
          {providers.length === 0 ? (
            <Notice tone="warning">
              No provider may push into this source yet.{" "}
              <TextLink href={paths.providers()}>
                Create one or give one access
              </TextLink>
              , then its id is filled in here.
            </Notice>
          ) : (
            <Field
              label="Provider"
              hint={
                <>
                  Its id is filled in below. Put its secret in place of{" "}
                  <code className="font-mono wrap-anywhere">
                    {SECRET_PLACEHOLDER}
                  </code>
                  ; it was shown once, when it was made.
                </>
              }
              className="max-w-md"
            >
              <Select
                value={providerId}
                onChange={(event) => setProviderId(event.target.value)}
              >
                {providers.map((provider) => (
                  <option key={provider.id} value={provider.id}>
                    {provider.name}
                  </option>
                ))}
              </Select>
            </Field>
          )}
          <CodeBlock label="Programming language" samples={snippets} />
        </div>
      </Section>
      <Section title="What an import does">
        <div className="max-w-3xl space-y-2 text-sm">
          <p>
            The values you send are merged into the entry with the same key:
            values with the same property id and language are replaced, all
            others stay. A value of <Code>null</Code> clears that one value, and{" "}
            <Code>{'"delete": true'}</Code> removes the whole entry.
          </p>
          <p className="text-muted">
            Send at most 1,000 entries in one request. If anything in it breaks
            a rule, nothing of it is stored and the answer names what to mend.
          </p>
        </div>
      </Section>
    </div>
  );
}

function Code({ children }: { children: string }) {
  return (
    <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.8125rem]">
      {children}
    </code>
  );
}
