import { listSources } from "@/lib/server/sources/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute(({ ctx }) => listSources(ctx));
