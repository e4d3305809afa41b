import "server-only";

import {
  setImmediate as nextTurn,
  setTimeout as delay,
} from "node:timers/promises";

import { appDb } from "./db/app-db";
import type { Db } from "./db/client";
import { hasOurSchema } from "./db/schema-state";

const DATABASE_MS_MAX = 1_000;

/** Why a process should get no new requests just now. */
export type NotReady = "stopping" | "database" | "migrations";

const REASONS: Record<NotReady, string> = {
  stopping: "This process is stopping. Send requests to another one.",
  database: "The database does not answer within a second.",
  migrations:
    "The database lacks migrations of this version. Start a Studio on it, which applies them.",
};

// Set by lib/cli/leave-with-parent.mjs when the supervisor is about to stop this process.
const shared = globalThis as typeof globalThis & {
  sourceStudioIsLeaving?: boolean;
};

/** The answer of `GET /health`, liveness: 200 while this process answers at all. A restart would mend nothing else. */
export function healthResponse(): Response {
  return answer(200, { status: "ok" });
}

/**
 * The answer of `GET /ready`, for load balancers: 200 when new requests are
 * welcome, else 503 with the reason, within little more than a second.
 */
export async function readyResponse(
  state: { isStopping?: boolean; db?: Db } = {},
): Promise<Response> {
  const reason = await whyNotReady(state);
  if (reason === undefined) return answer(200, { status: "ready" });
  return answer(
    503,
    { status: "unavailable", reason, message: REASONS[reason] },
    { "retry-after": "5" },
  );
}

async function whyNotReady({
  isStopping = shared.sourceStudioIsLeaving ?? false,
  db = appDb(),
}: {
  isStopping?: boolean;
  db?: Db;
}): Promise<NotReady | undefined> {
  // First, and without waiting: what is leaving must be out of turn at once.
  if (isStopping) return "stopping";
  const asked = hasOurSchema(db).then(
    (isOurs): NotReady | undefined => (isOurs ? undefined : "migrations"),
    (): NotReady => "database",
  );
  const waiting = new AbortController();
  const tooLate = delay(DATABASE_MS_MAX, "database" as const, {
    signal: waiting.signal,
    ref: false,
  })
    // After a stall of this process the answer may be here, only not read yet.
    .then((reason) => nextTurn(reason))
    .catch((): NotReady => "database");
  return Promise.race([asked, tooLate]).finally(() => waiting.abort());
}

function answer(
  status: number,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", ...headers },
  });
}
