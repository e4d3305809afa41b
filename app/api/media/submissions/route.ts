import { parseInput } from "@/lib/domain/errors";
import { submissionQuerySchema } from "@/lib/domain/media-page";
import { listSubmissions } from "@/lib/server/media/submission-list";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute(({ ctx, url }) => {
  const search = Object.fromEntries(url.searchParams);
  return listSubmissions(ctx, parseInput(submissionQuerySchema, search).after);
});
