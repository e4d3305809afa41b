import { goneQuestionSchema } from "@/lib/domain/recipe-snapshot";
import { requireRole } from "@/lib/server/context";
import { findKeysByHash } from "@/lib/server/recipe-snapshots/service";
import { readQuestion } from "@/lib/server/studio-question";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the hashes are too many for an address. */
export const POST = studioRoute<{ recipeId: string }>(
  async ({ ctx, params, request }) => {
    requireRole(ctx, "editor");
    const { hashes } = await readQuestion(request, goneQuestionSchema);
    return findKeysByHash(ctx, params.recipeId, hashes);
  },
);
