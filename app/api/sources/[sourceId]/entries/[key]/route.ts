import { getEntry } from "@/lib/server/entries/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string; key: string }>(
  ({ ctx, params }) => getEntry(ctx, params.sourceId, params.key),
);
