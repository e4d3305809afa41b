import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import { submissionChanges } from "@/lib/server/media/submission";
import { studioRoute } from "@/lib/server/studio-route";

const questionSchema = z.object({
  submissionId: z.uuid(),
  since: z.iso.datetime().nullable(),
});

export const GET = studioRoute<{ submissionId: string }>(
  ({ ctx, params, url }) => {
    const { submissionId, since } = parseInput(questionSchema, {
      ...params,
      since: url.searchParams.get("since"),
    });
    return submissionChanges(ctx, submissionId, since);
  },
);
