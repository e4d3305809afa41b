import "server-only";

import type { Db } from "@/lib/server/db/client";
import { log } from "@/lib/server/log";
import {
  createFailureLimiter,
  tooManyFailures,
  type LimiterRule,
} from "@/lib/server/rate-limit";

const ADVICE =
  "There were too many attempts with wrong credentials. Check id and secret.";

const common = {
  windowSeconds: 60,
  refusedSeconds: { first: 60, last: 15 * 60 },
};
/** Of one provider id from one address, so that nobody can lock a provider out for others. */
const PAIR: LimiterRule = { name: "token-pair", failuresMax: 10, ...common };
const ADDRESS: LimiterRule = {
  name: "token-address",
  failuresMax: 60,
  ...common,
};

/** Failures of everybody in one second that a process still counts; more is an attack. */
const EVERYBODY = { failuresPerSecondMax: 100, alarmEveryMs: 60_000 } as const;
const EVERYBODY_WAIT_SECONDS = 5;

// Next loads this module several times in one process.
const shared = globalThis as typeof globalThis & {
  sourceStudioFailures?: { secondMs: number; count: number; alarmMs: number };
};

/**
 * Counts a failed sign-in of a provider; only failures count.
 *
 * @throws {AppError} `rate_limited` above 10 a minute of one id from one
 *   address, above 60 of one address, with a wait that doubles from 1 to 15
 *   minutes; above 100 a second of everybody, which is also logged.
 */
export async function countFailure(
  db: Db,
  { id, address }: { id: string; address: string },
): Promise<void> {
  if (isFlooded()) throw tooManyFailures(EVERYBODY_WAIT_SECONDS, ADVICE);
  // The address first: when it is refused there is no pair to store.
  const ofAddress = await createFailureLimiter(db, ADDRESS).fail(address);
  if (ofAddress > 0) throw tooManyFailures(ofAddress, ADVICE);
  const pair = `${id.toLowerCase()}\n${address}`;
  const ofPair = await createFailureLimiter(db, PAIR).fail(pair);
  if (ofPair > 0) throw tooManyFailures(ofPair, ADVICE);
}

function isFlooded(): boolean {
  const nowMs = performance.now();
  const seen = (shared.sourceStudioFailures ??= {
    secondMs: nowMs,
    count: 0,
    alarmMs: -Infinity,
  });
  if (nowMs - seen.secondMs >= 1_000) {
    seen.secondMs = nowMs;
    seen.count = 0;
  }
  seen.count += 1;
  if (seen.count <= EVERYBODY.failuresPerSecondMax) return false;
  if (nowMs - seen.alarmMs > EVERYBODY.alarmEveryMs) {
    seen.alarmMs = nowMs;
    log.warn(
      { perSecondMax: EVERYBODY.failuresPerSecondMax },
      "more wrong credentials of providers than clients send by mistake",
    );
  }
  return true;
}
