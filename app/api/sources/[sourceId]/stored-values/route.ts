import { storedValuesQuestionSchema } from "@/lib/domain/stored-values";
import { readStoredValues } from "@/lib/server/entries/stored-values";
import { readQuestion } from "@/lib/server/studio-question";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the keys are too many for an address. */
export const POST = studioRoute<{ sourceId: string }>(
  async ({ ctx, params, request }) => {
    const { keys } = await readQuestion(request, storedValuesQuestionSchema);
    return readStoredValues(ctx, params.sourceId, keys);
  },
);
