import { parseInput } from "@/lib/domain/errors";
import { runFilterSchema } from "@/lib/domain/import-run";
import { listRuns } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute(({ ctx, url }) =>
  listRuns(
    ctx,
    parseInput(runFilterSchema, Object.fromEntries(url.searchParams)),
  ),
);
