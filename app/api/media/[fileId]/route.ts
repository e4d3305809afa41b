import { getStudioFile } from "@/lib/server/media/studio-files";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ fileId: string }>(({ ctx, params }) =>
  getStudioFile(ctx, params.fileId),
);
