import "server-only";

import {
  setImmediate as nextTurn,
  setTimeout as delay,
} from "node:timers/promises";

import { appDb } from "./db/app-db";

const DATABASE_MS_MAX = 1_000;

/** Whether this process can serve: its database answers within one second. Never throws. */
export async function isHealthy(): Promise<boolean> {
  const answered = appDb()
    .rows("select 1")
    .then(
      () => true,
      () => false,
    );
  const waiting = new AbortController();
  const tooLate = delay(DATABASE_MS_MAX, false, {
    signal: waiting.signal,
    ref: false,
  })
    // After a stall of this process the answer may be here, only not read yet.
    .then((isUp) => nextTurn(isUp))
    .catch(() => false);
  return Promise.race([answered, tooLate]).finally(() => waiting.abort());
}

/** The answer of `GET /health`: 200 or 503, never cached. */
export async function healthResponse(): Promise<Response> {
  const isUp = await isHealthy();
  return Response.json(
    { status: isUp ? "ok" : "unavailable" },
    {
      status: isUp ? 200 : 503,
      headers: { "cache-control": "no-store" },
    },
  );
}
