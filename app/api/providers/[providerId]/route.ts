import { getProvider } from "@/lib/server/providers/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ providerId: string }>(({ ctx, params }) =>
  getProvider(ctx, params.providerId),
);
