import { getMediaFile } from "@/lib/server/media/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ fileId: string }>(({ ctx, params }) =>
  getMediaFile(ctx, params.fileId),
);
