import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { requireRole } from "@/lib/server/context";
import { readBatchBody } from "@/lib/server/imports/batch-body";
import {
  getPart,
  PART_BYTES_MAX,
  putPart,
} from "@/lib/server/recipe-snapshots/service";
import { studioRoute } from "@/lib/server/studio-route";

const placeSchema = z.object({
  part: z.coerce.number().int().min(0).max(1_000),
});
type Params = { snapshotId: string; part: string };

export const PUT = studioRoute<Params>(async ({ ctx, params, request }) => {
  // Before the body: who may not write need not send megabytes to learn it.
  requireRole(ctx, "editor");
  const { part } = parseInput(placeSchema, { part: params.part });
  const bytes = await readBatchBody(request, PART_BYTES_MAX);
  return putPart(ctx, params.snapshotId, { part, bytes });
});

export const GET = studioRoute<Params>(async ({ ctx, params }) => {
  const { part } = parseInput(placeSchema, { part: params.part });
  const bytes = await getPart(ctx, params.snapshotId, part);
  return new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/octet-stream" },
  });
});
