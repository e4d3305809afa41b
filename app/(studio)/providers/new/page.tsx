import type { Metadata } from "next";

import { NewProvider } from "@/components/providers/new-provider";
import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { requireSession } from "@/lib/server/session";
import { listOwnSources } from "@/lib/server/sources/service";

import { createProviderAction } from "../actions";

export const metadata: Metadata = { title: "Create a provider" };

export default async function NewProviderPage() {
  const ctx = await requireSession();
  if (!hasRole(ctx, "admin")) return <NoAccessState role="admin" />;
  const sources = await listOwnSources(ctx);
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: "Providers", href: paths.providers() }]}
        title="Create a provider"
        description="It gets an id and a secret. The secret is shown once, right after this."
      />
      <NewProvider
        sources={sources.map(({ id, identifier, name }) => ({
          id,
          identifier,
          name,
        }))}
        create={createProviderAction}
      />
    </>
  );
}
