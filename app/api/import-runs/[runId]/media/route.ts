import { getRun } from "@/lib/server/imports/service";
import { summarizeRunMedia } from "@/lib/server/media/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ runId: string }>(async ({ ctx, params }) => {
  const { id } = await getRun(ctx, params.runId);
  return summarizeRunMedia(ctx, id);
});
