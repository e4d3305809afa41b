import { snapshotInputSchema } from "@/lib/domain/recipe-snapshot";
import { requireRole } from "@/lib/server/context";
import { beginSnapshot } from "@/lib/server/recipe-snapshots/service";
import { readQuestion } from "@/lib/server/studio-question";
import { studioRoute } from "@/lib/server/studio-route";

export const POST = studioRoute<{ runId: string }>(
  async ({ ctx, params, request }) => {
    requireRole(ctx, "editor");
    const input = await readQuestion(request, snapshotInputSchema);
    return beginSnapshot(ctx, params.runId, input);
  },
);
