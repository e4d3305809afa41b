import { forecastUndo } from "@/lib/server/imports/service";
import { jsonLines, studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ runId: string }>(({ ctx, params }) =>
  jsonLines(forecastUndo(ctx, params.runId)),
);
