import { listKeys } from "@/lib/server/entries/list-keys";
import { getSource } from "@/lib/server/sources/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ sourceId: string }>(
  async ({ ctx, params, url }) => {
    const { id } = await getSource(ctx, params.sourceId);
    return listKeys(ctx, id, url.searchParams.get("after"));
  },
);
