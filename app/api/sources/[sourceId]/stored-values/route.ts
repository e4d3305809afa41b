import { parseInput } from "@/lib/domain/errors";
import { storedValuesQuestionSchema } from "@/lib/domain/stored-values";
import { readStoredValues } from "@/lib/server/entries/stored-values";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the keys are too many for an address. */
export const POST = studioRoute<{ sourceId: string }>(
  async ({ ctx, params, request }) => {
    const question: unknown = await request.json().catch(() => undefined);
    const { keys } = parseInput(storedValuesQuestionSchema, question);
    return readStoredValues(ctx, params.sourceId, keys);
  },
);
