import { listProviders } from "@/lib/server/providers/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute(({ ctx }) => listProviders(ctx));
