import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { continueUndo } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

const tabSchema = z.uuid("Send the id of the browser tab as x-tab-id.");

export const POST = studioRoute<{ runId: string }>(({ ctx, params, request }) =>
  continueUndo(
    ctx,
    params.runId,
    parseInput(tabSchema, request.headers.get("x-tab-id")),
  ),
);
