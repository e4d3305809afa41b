import { getRecipe } from "@/lib/server/recipes/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ recipeId: string }>(({ ctx, params }) =>
  getRecipe(ctx, params.recipeId),
);
