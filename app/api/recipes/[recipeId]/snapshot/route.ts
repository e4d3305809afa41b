import { getSnapshot } from "@/lib/server/recipe-snapshots/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ recipeId: string }>(({ ctx, params, url }) =>
  getSnapshot(ctx, params.recipeId, url.searchParams.get("id") ?? undefined),
);
