import { SourceProperties } from "@/components/sources/source-properties";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { sourceQueries } from "@/lib/client/source-queries";
import { hasRole } from "@/lib/server/context";
import { listProperties } from "@/lib/server/sources/service";

import { loadSource } from "./load-source";

type Params = { params: Promise<{ sourceId: string }> };

export default async function SourcePage({ params }: Params) {
  const { ctx, source } = await loadSource((await params).sourceId);
  const properties = await listProperties(ctx, source.id);
  return (
    <SeededQueries
      state={seedQueries([
        sourceQueries.properties(source.id).queryKey,
        properties,
      ])}
    >
      <SourceProperties
        sourceId={source.id}
        entryCount={source.entryCount}
        mayImport={hasRole(ctx, "editor")}
      />
    </SeededQueries>
  );
}
