import { endForecast } from "@/lib/server/forecasts/service";
import { studioRoute } from "@/lib/server/studio-route";

/** Forgets what the forecast has kept of entries that several batches name. */
export const DELETE = studioRoute<{ sourceId: string; forecastId: string }>(
  ({ ctx, params }) => endForecast(ctx, params),
);
