import { parseInput } from "@/lib/domain/errors";
import { identifierLookupSchema } from "@/lib/domain/media-page";
import { findByIdentifiers } from "@/lib/server/media/service";
import { studioRoute } from "@/lib/server/studio-route";

/** A read: the identifiers are too many for an address. */
export const POST = studioRoute(async ({ ctx, request }) => {
  const question: unknown = await request.json().catch(() => undefined);
  const { identifiers } = parseInput(identifierLookupSchema, question);
  const found = await findByIdentifiers(ctx, identifiers);
  return [...found].map(([identifier, { id, filename, publicUrl }]) => [
    identifier,
    { id, filename, publicUrl },
  ]);
});
