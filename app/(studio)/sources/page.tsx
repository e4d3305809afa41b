import { Plus } from "lucide-react";
import type { Metadata } from "next";

import { PageHeader } from "@/components/shell/page-header";
import { SourceList } from "@/components/sources/source-list";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { sourceQueries } from "@/lib/client/source-queries";
import { hasRole } from "@/lib/server/context";
import { requireSession } from "@/lib/server/session";
import { listSources } from "@/lib/server/sources/service";

export const metadata: Metadata = { title: "Sources" };

export default async function SourcesPage() {
  const ctx = await requireSession();
  const sources = await listSources(ctx);
  const mayCreate = hasRole(ctx, "editor");
  return (
    <>
      <PageHeader
        title="Sources"
        description="Each source holds the entries of one kind of data from one place."
        actions={
          mayCreate &&
          sources.length > 0 && (
            <LinkButton href={paths.newSource()} variant="primary">
              <Plus aria-hidden />
              Create a source
            </LinkButton>
          )
        }
      />
      <SeededQueries
        state={seedQueries([sourceQueries.list().queryKey, sources])}
      >
        <SourceList mayCreate={mayCreate} />
      </SeededQueries>
    </>
  );
}
