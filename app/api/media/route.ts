import { parseInput } from "@/lib/domain/errors";
import { mediaQuerySchema } from "@/lib/domain/media-page";
import { readMediaPage } from "@/lib/server/media/media-page";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute(({ ctx, url }) =>
  readMediaPage(
    ctx,
    parseInput(mediaQuerySchema, Object.fromEntries(url.searchParams)),
  ),
);
