import { answerStudioUpload } from "@/lib/server/media/tus/studio-handler";
import { studioRoute } from "@/lib/server/studio-route";

const answer = studioRoute<{ fileId: string }>(({ ctx, request, params }) =>
  answerStudioUpload(ctx, request, params.fileId),
);

export { answer as DELETE, answer as HEAD, answer as PATCH };
