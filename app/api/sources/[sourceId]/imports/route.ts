import { listImports } from "@/lib/server/import-log/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(({ ctx, params, url }) =>
  listImports(ctx, params.sourceId, {
    before: url.searchParams.get("before") ?? undefined,
  }),
);
