import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { listReplies } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

const sequenceSchema = z.coerce.number().int().min(1).max(2_147_483_647);

export const GET = studioRoute<{ runId: string; sequence: string }>(
  ({ ctx, params }) =>
    listReplies(ctx, params.runId, parseInput(sequenceSchema, params.sequence)),
);
