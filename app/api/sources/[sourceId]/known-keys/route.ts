import { findKnownKeys } from "@/lib/server/entries/known-keys";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(({ ctx, params, url }) =>
  findKnownKeys(ctx, params.sourceId, url.searchParams.getAll("key")),
);
