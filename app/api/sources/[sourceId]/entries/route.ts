import { entryQuerySchema, readEntrySearchParams } from "@/lib/domain/entry";
import { parseInput } from "@/lib/domain/errors";
import { searchEntries } from "@/lib/server/entries/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(({ ctx, params, url }) =>
  searchEntries(
    ctx,
    params.sourceId,
    parseInput(entryQuerySchema, readEntrySearchParams(url.searchParams)),
  ),
);
