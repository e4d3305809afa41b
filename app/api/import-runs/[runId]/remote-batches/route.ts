import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { listRemoteBatches } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

const afterSchema = z.coerce.number().int().min(0).max(2_147_483_647);

export const GET = studioRoute<{ runId: string }>(({ ctx, params, url }) =>
  listRemoteBatches(
    ctx,
    params.runId,
    parseInput(afterSchema, url.searchParams.get("after") ?? 0),
  ),
);
