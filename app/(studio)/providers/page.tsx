import { Plus } from "lucide-react";
import type { Metadata } from "next";

import { ProviderList } from "@/components/providers/provider-list";
import { PageHeader } from "@/components/shell/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { providerQueries } from "@/lib/client/provider-queries";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { hasRole } from "@/lib/server/context";
import { listProviders } from "@/lib/server/providers/service";
import { requireSession } from "@/lib/server/session";

export const metadata: Metadata = { title: "Providers" };

export default async function ProvidersPage() {
  const ctx = await requireSession();
  const providers = await listProviders(ctx);
  const mayCreate = hasRole(ctx, "admin");
  return (
    <>
      <PageHeader
        title="Providers"
        description={
          mayCreate
            ? "An id and a secret each, with which a program may push into the sources you allow."
            : "An id and a secret each, with which a program may push into its allowed sources. Only administrators may create, change or delete them."
        }
        actions={
          mayCreate &&
          providers.length > 0 && (
            <LinkButton href={paths.newProvider()} variant="primary">
              <Plus aria-hidden />
              Create a provider
            </LinkButton>
          )
        }
      />
      <SeededQueries
        state={seedQueries([providerQueries.list().queryKey, providers])}
      >
        <ProviderList mayCreate={mayCreate} />
      </SeededQueries>
    </>
  );
}
