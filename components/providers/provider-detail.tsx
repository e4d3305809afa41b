"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { PageHeader } from "@/components/shell/page-header";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { CopyableText } from "@/components/ui/copyable-text";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import { providerQueries } from "@/lib/client/provider-queries";
import { sourceQueries } from "@/lib/client/source-queries";
import type {
  Provider,
  ProviderInput,
  ProviderWithSecret,
} from "@/lib/domain/provider";
import type { ActionResult } from "@/lib/domain/result";

import { ProviderForm } from "./provider-form";
import { ProviderSecrets } from "./provider-secrets";
import { ProviderTest } from "./provider-test";
import type { PickableSource } from "./source-picker";

type ProviderDetailProps = {
  provider: Provider;
  sources: readonly PickableSource[];
  mayChange: boolean;
  edit: (id: string, input: ProviderInput) => Promise<ActionResult<Provider>>;
  addSecret: (id: string) => Promise<ActionResult<ProviderWithSecret>>;
  revokeSecret: (
    id: string,
    secretId: string,
  ) => Promise<ActionResult<Provider>>;
  remove: (id: string, confirmation: string) => Promise<ActionResult<null>>;
};

export function ProviderDetail({
  provider: read,
  sources,
  mayChange,
  edit,
  addSecret,
  revokeSecret,
  remove,
}: ProviderDetailProps) {
  const { data: provider = read } = useQuery(providerQueries.one(read.id));
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: "Providers", href: paths.providers() }]}
        title={provider.name}
        description={
          <>
            {provider.lastUsedAt ? (
              <>
                last used <RelativeTime at={provider.lastUsedAt} />
              </>
            ) : (
              "not used yet"
            )}
            {" · made "}
            <RelativeTime at={provider.createdAt} />
          </>
        }
      />
      <div className="space-y-6">
        <Section
          title="Provider id"
          description="Programs sign in with this id and a secret."
        >
          <div className="max-w-md">
            <CopyableText text={provider.id} label="provider id" />
          </div>
        </Section>
        <ProviderSecrets
          provider={provider}
          mayChange={mayChange}
          add={addSecret}
          revoke={revokeSecret}
        />
        <Section
          title="Test token"
          description="Paste a secret to see what it can do: it fetches a token and sends an empty import to each allowed source. Nothing is changed."
        >
          <ProviderTest provider={provider} />
        </Section>
        {mayChange ? (
          <>
            <Section title="Name and sources">
              <ProviderForm
                isEdit
                sources={sources}
                defaultValues={{
                  name: provider.name,
                  sourceIds: provider.sources.map((source) => source.id),
                }}
                submitLabel="Save"
                save={(input) => edit(provider.id, input)}
                onSaved={() => toast.success("Saved")}
              />
            </Section>
            <DeleteProvider provider={provider} remove={remove} />
          </>
        ) : (
          <AllowedSources provider={provider} />
        )}
      </div>
    </>
  );
}

function AllowedSources({ provider }: { provider: Provider }) {
  return (
    <Section
      title="Allowed sources"
      description="Only administrators may change or delete a provider."
    >
      {provider.sources.length === 0 ? (
        <p className="text-sm text-muted">none</p>
      ) : (
        <ul className="space-y-1 text-sm">
          {provider.sources.map((source) => (
            <li key={source.id}>
              <TextLink href={paths.source(source.id)}>{source.name}</TextLink>{" "}
              <code className="font-mono text-[0.8125rem] break-all text-muted">
                {source.identifier}
              </code>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function DeleteProvider({
  provider,
  remove,
}: {
  provider: Provider;
  remove: ProviderDetailProps["remove"];
}) {
  const router = useRouter();
  const queryClient = useQueryClient();

  async function deleteIt() {
    const result = await remove(provider.id, provider.name);
    if (!result.ok) return result.error.message;
    toast.success(`The provider ${provider.name} was deleted`);
    router.push(paths.providers());
    queryClient.removeQueries({
      queryKey: providerQueries.one(provider.id).queryKey,
    });
    await Promise.all(
      [providerQueries.list().queryKey, sourceQueries.all()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  }

  return (
    <Section
      title="Delete this provider"
      description="Its secrets and tokens stop working at once. What it has imported stays."
      tone="danger"
    >
      <AlertDialog
        trigger={<Button variant="danger">Delete provider…</Button>}
        title={`Delete ${provider.name}?`}
        description="Every program that uses its id is refused from now on, and this cannot be undone: a new provider gets a new id."
        confirmLabel="Delete this provider"
        typedConfirmation={provider.name}
        onConfirm={deleteIt}
      />
    </Section>
  );
}
