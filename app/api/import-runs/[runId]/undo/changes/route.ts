import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { describeUndoBatch } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

const batchSchema = z.coerce.number().int().min(1).max(2_147_483_647);

export const GET = studioRoute<{ runId: string }>(({ ctx, params, url }) =>
  describeUndoBatch(
    ctx,
    params.runId,
    parseInput(batchSchema, url.searchParams.get("batch") ?? ""),
  ),
);
