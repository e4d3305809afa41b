import { answerStudioUpload } from "@/lib/server/media/tus/studio-handler";
import { studioRoute } from "@/lib/server/studio-route";

export const POST = studioRoute(({ ctx, request }) =>
  answerStudioUpload(ctx, request),
);
