import "server-only";

import type { EndpointTest } from "@/lib/domain/endpoint";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { Context } from "@/lib/server/context";

import { remoteClientOf } from "./app-clients";
import { getEndpoint } from "./find-endpoint";
import type { RemoteClient } from "./remote-client";

const TEST_MS_MAX = 40_000;
/** An import of nothing: taken by everybody who may write (contract 6). */
const NOTHING = JSON.stringify({ entities: [] });

/**
 * Tries an endpoint as an import would: a token, then an import of nothing into
 * each source, side by side. Changes nothing on the other side. Role: admin.
 *
 * @throws {AppError} `not_found`; `conflict` when no secret is stored.
 */
export async function testEndpoint(
  ctx: Context,
  id: string,
  clientOf: (
    ctx: Context,
    id: string,
  ) => Promise<RemoteClient> = remoteClientOf,
): Promise<EndpointTest> {
  const { sources } = await getEndpoint(ctx, id);
  const client = await clientOf(ctx, id);
  const signal = AbortSignal.timeout(TEST_MS_MAX);
  const signIn = await client.signIn(signal);
  if (signIn.outcome !== "accepted") return { signIn, sources: [] };
  const answers = await Promise.all(
    sources.map(async ({ identifier }) => ({
      identifier,
      answer: await client
        .importBody(identifier, NOTHING, { signal })
        .catch((error: unknown): RemoteAnswer => {
          if (!signal.aborted) throw error;
          return TOO_SLOW;
        }),
    })),
  );
  return { signIn, sources: answers };
}

const TOO_SLOW: RemoteAnswer = {
  ...{ outcome: "too_slow", status: null, requestId: null },
  ...{ excerpt: "", ms: TEST_MS_MAX },
};
