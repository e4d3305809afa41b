import { Download } from "lucide-react";

import { buttonStyle } from "@/components/ui/button-style";
import { Section } from "@/components/ui/card";
import { CopyableText } from "@/components/ui/copyable-text";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import { formatNumber } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { ACCEPT_LIMITS, MEDIA_LIMITS } from "@/lib/domain/limits";
import type { OpenApiDocument, OpenApiOperation } from "@/lib/domain/openapi";

import { CallReference } from "./call-reference";
import { ScrollToHash } from "./scroll-to-hash";

export type ListedCall = {
  operation: OpenApiOperation;
  method: string;
  path: string;
  baseUrl: string;
};

export function ApiGuide({ document }: { document: OpenApiDocument }) {
  const calls = listCalls(document);
  const ingestUrl = document.servers[0]?.url ?? "";
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_15rem]">
      <ScrollToHash />
      <div className="min-w-0 space-y-8">
        <Overview
          ingestUrl={ingestUrl}
          description={document.info.description}
        />
        <CallList calls={calls} document={document} className="xl:hidden" />
        {document.tags.map((tag) => (
          <section key={tag.name} aria-labelledby={anchorOf(tag.name)}>
            <h2
              id={anchorOf(tag.name)}
              className="scroll-mt-20 text-lg font-semibold tracking-tight"
            >
              {tag.name}
            </h2>
            <p className="mt-0.5 mb-3 text-sm text-muted">{tag.description}</p>
            <div className="space-y-4">
              {calls
                .filter(({ operation }) => operation.tags.includes(tag.name))
                .map((call) => (
                  <CallReference
                    key={call.operation.operationId}
                    call={call}
                    schemas={document.components.schemas}
                  />
                ))}
            </div>
          </section>
        ))}
      </div>
      <CallList
        calls={calls}
        document={document}
        className="sticky top-6 hidden max-h-[calc(100dvh-3rem)] self-start overflow-y-auto xl:block"
      />
    </div>
  );
}

function Overview({
  ingestUrl,
  description,
}: {
  ingestUrl: string;
  description: string;
}) {
  const megabytes = (bytes: number) => `${formatNumber(bytes / 1_000_000)} MB`;
  return (
    <Section
      title="Overview"
      actions={
        <a
          href="/openapi.json"
          download="openapi.json"
          className={buttonStyle({ size: "sm" })}
        >
          <Download aria-hidden />
          openapi.json
        </a>
      }
    >
      <div className="space-y-5 text-sm">
        <div className="max-w-xl">
          <p className="mb-1 text-xs font-medium text-muted">Base URL</p>
          <CopyableText text={ingestUrl} label="base URL" />
        </div>
        <p className="max-w-3xl">
          A program signs in with the id and secret of a{" "}
          <TextLink href={paths.providers()}>provider</TextLink>, gets a token
          for an hour and sends it with every call as{" "}
          <Code>Authorization: Bearer …</Code>. The examples expect it in{" "}
          <Code>TOKEN</Code> or <Code>token</Code>. With a client made for this
          contract, only the base URL changes.
        </p>
        <DescriptionList
          facts={[
            {
              name: "Entries in one import",
              value: `${formatNumber(ACCEPT_LIMITS.entitiesAdvised)} advised`,
            },
            {
              name: "Body of an import",
              value: `${megabytes(ACCEPT_LIMITS.bodyBytesAdvised)} advised, ${megabytes(ACCEPT_LIMITS.bodyBytesMax)} at most`,
            },
            {
              name: "Links or identifiers in one call",
              value: formatNumber(MEDIA_LIMITS.linksPerRequestMax),
            },
            { name: "One media file", value: "2 GB at most" },
          ]}
        />
        {description.split("\n\n").map((paragraph) => (
          <p key={paragraph} className="max-w-3xl text-muted">
            {paragraph}
          </p>
        ))}
      </div>
    </Section>
  );
}

function Code({ children }: { children: string }) {
  return (
    <code className="font-mono text-[0.8125rem] wrap-anywhere">{children}</code>
  );
}

function CallList({
  calls,
  document,
  className,
}: {
  calls: ListedCall[];
  document: OpenApiDocument;
  className: string;
}) {
  return (
    <nav aria-label="Calls" className={className}>
      <ul className="space-y-4">
        {document.tags.map(({ name }) => (
          <li key={name}>
            <p className="text-xs font-medium text-muted">{name}</p>
            <ul className="mt-1 space-y-0.5">
              {calls
                .filter(({ operation }) => operation.tags.includes(name))
                .map(({ operation }) => (
                  <li key={operation.operationId}>
                    <a
                      href={`#${operation.operationId}`}
                      className="block rounded-sm py-1 text-sm underline-offset-4 hover:underline xl:py-0.5 xl:text-[0.8125rem]"
                    >
                      {operation.summary}
                    </a>
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function listCalls(document: OpenApiDocument): ListedCall[] {
  const [server] = document.servers;
  return Object.entries(document.paths).flatMap(([path, item]) => {
    const { servers, ...operations } = item;
    const baseUrl = (servers?.[0] ?? server)?.url ?? "";
    return Object.entries(operations).map(([method, operation]) => ({
      ...{ operation, path, baseUrl },
      method: method.toUpperCase(),
    }));
  });
}

function anchorOf(tag: string): string {
  return `calls-${tag.toLowerCase().replaceAll(" ", "-")}`;
}
