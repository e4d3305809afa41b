import type { Metadata } from "next";

import { SourceImports } from "@/components/sources/source-imports";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { sourceImportQueries } from "@/lib/client/source-import-queries";
import { hasRole } from "@/lib/server/context";
import { listImports } from "@/lib/server/import-log/service";
import { listRuns } from "@/lib/server/imports/service";

import { loadSource } from "../load-source";

export const metadata: Metadata = { title: "Imports" };

type Params = { params: Promise<{ sourceId: string }> };

export default async function SourceImportsPage({ params }: Params) {
  const { ctx, source } = await loadSource((await params).sourceId);
  const [runs, pushes] = await Promise.all([
    listRuns(ctx, { sourceId: source.id }),
    listImports(ctx, source.id),
  ]);
  const firstPage = (page: unknown) => ({ pages: [page], pageParams: [null] });
  return (
    <SeededQueries
      state={seedQueries(
        [sourceImportQueries.runs(source.id).queryKey, firstPage(runs)],
        [sourceImportQueries.pushes(source.id).queryKey, firstPage(pushes)],
      )}
    >
      <SourceImports sourceId={source.id} mayImport={hasRole(ctx, "editor")} />
    </SeededQueries>
  );
}
