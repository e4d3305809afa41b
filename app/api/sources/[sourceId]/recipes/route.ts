import { listRecipes } from "@/lib/server/recipes/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(({ ctx, params }) =>
  listRecipes(ctx, params.sourceId),
);
