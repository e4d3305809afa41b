import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { requireRole } from "@/lib/server/context";
import {
  enterForecast,
  forecastTableBatch,
} from "@/lib/server/forecasts/service";
import { readBatchBody } from "@/lib/server/imports/batch-body";
import { mediaUrl } from "@/lib/server/media/service";
import { studioRoute } from "@/lib/server/studio-route";

const placeSchema = z.object({
  sequence: z.coerce.number().int().min(1).max(2_147_483_647),
});

type Params = { sourceId: string; forecastId: string; sequence: string };

export const POST = studioRoute<Params>(async ({ ctx, params, request }) => {
  // Before the body: who may not import need not send 30 MB to learn it.
  requireRole(ctx, "editor");
  const { sequence } = parseInput(placeSchema, { sequence: params.sequence });
  const leave = enterForecast(ctx.actor.id);
  try {
    return await forecastTableBatch(ctx, {
      ...{ sourceId: params.sourceId, forecastId: params.forecastId, sequence },
      bytes: await readBatchBody(request),
      mediaBase: mediaUrl(request.headers),
    });
  } finally {
    leave();
  }
});
