import { identifierLookupSchema } from "@/lib/domain/media-page";
import { findByIdentifiers } from "@/lib/server/media/service";
import { readQuestion } from "@/lib/server/studio-question";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the identifiers are too many for an address. */
export const POST = studioRoute(async ({ ctx, request }) => {
  const { identifiers } = await readQuestion(request, identifierLookupSchema);
  const found = await findByIdentifiers(ctx, identifiers);
  return [...found].map(([identifier, { id, filename, publicUrl }]) => [
    identifier,
    { id, filename, publicUrl },
  ]);
});
