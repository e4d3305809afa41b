import { getUndoState } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ runId: string }>(({ ctx, params }) =>
  getUndoState(ctx, params.runId),
);
