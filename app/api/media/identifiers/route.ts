import { identifierLookupSchema } from "@/lib/domain/media-page";
import { findTakenFiles } from "@/lib/server/media/studio-files";
import { readQuestion } from "@/lib/server/studio-question";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the identifiers are too many for an address. */
export const POST = studioRoute(async ({ ctx, request }) => {
  const { identifiers, endpointId } = await readQuestion(
    request,
    identifierLookupSchema,
  );
  return findTakenFiles(ctx, identifiers, endpointId);
});
