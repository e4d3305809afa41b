import { runChainSchema } from "@/lib/domain/run-chain";
import { listChain } from "@/lib/server/imports/service";
import { studioRoute } from "@/lib/server/studio-route";

export const GET = studioRoute<{ runId: string }>(async ({ ctx, params }) =>
  runChainSchema.parse(await listChain(ctx, params.runId)),
);
