import { getSource } from "@/lib/server/sources/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(({ ctx, params }) =>
  getSource(ctx, params.sourceId),
);
