import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { requireRole } from "@/lib/server/context";
import { readBatchBody } from "@/lib/server/imports/batch-body";
import { submitBatch } from "@/lib/server/imports/service";
import { mediaUrl } from "@/lib/server/media/service";
import { studioRoute } from "@/lib/server/studio-route";

const placeSchema = z.object({
  sequence: z.coerce.number().int().min(1).max(2_147_483_647),
  "x-tab-id": z.uuid("Send the id of the browser tab as x-tab-id."),
});

export const PUT = studioRoute<{ runId: string; sequence: string }>(
  async ({ ctx, params, request }) => {
    // Before the body: who may not write need not send 30 MB to learn it.
    requireRole(ctx, "editor");
    const place = parseInput(placeSchema, {
      sequence: params.sequence,
      "x-tab-id": request.headers.get("x-tab-id"),
    });
    return submitBatch(ctx, {
      runId: params.runId,
      sequence: place.sequence,
      bytes: await readBatchBody(request),
      tabId: place["x-tab-id"],
      mediaBase: mediaUrl(request.headers),
    });
  },
);
