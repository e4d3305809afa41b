import "server-only";

import { createHash } from "node:crypto";

import {
  RateLimiterPostgres,
  RateLimiterRes,
  type IRateLimiterOptions,
} from "rate-limiter-flexible";

import { AppError } from "@/lib/domain/errors";
import type { Db } from "@/lib/server/db/client";

const MINUTE_SECONDS = 60;
const BLOCK_SECONDS_MAX = 15 * MINUTE_SECONDS;
/** How long an earlier block makes the next one longer. */
const MEMORY_SECONDS = 3_600;

/** Failures a minute of one provider id from one address, and of one address. */
export const FAILURES_MAX = { perIdAndAddress: 10, perAddress: 60 } as const;

type Limiters = {
  pair: RateLimiterPostgres;
  address: RateLimiterPostgres;
  strikes: RateLimiterPostgres;
};

const limitersOf = new WeakMap<Db, Limiters>();

/**
 * Counts a failed sign-in of a provider. Counted by id and address together,
 * so that nobody can lock a provider out for others; only failures count.
 *
 * @throws {AppError} `rate_limited` above 10 a minute for the pair or 60 for
 *   the address, with a wait that doubles from 1 to 15 minutes.
 */
export async function countFailure(
  db: Db,
  { id, address }: { id: string; address: string },
): Promise<void> {
  const limiters = limitersFor(db);
  // Both come from outside and may be long: a digest fits the table's key.
  const pair = digest(`${id.toLowerCase()}\n${address}`);
  const waits = [
    await wait(limiters, limiters.pair, pair),
    await wait(limiters, limiters.address, digest(address)),
  ];
  const retryAfterSeconds = Math.max(...waits);
  if (retryAfterSeconds === 0) return;
  throw new AppError(
    "rate_limited",
    `Too many attempts with wrong credentials. Check id and secret, then wait ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}

/** Seconds to wait; 0 when the failure is within the limit. */
async function wait(
  { strikes }: Limiters,
  limiter: RateLimiterPostgres,
  key: string,
): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    if (refusal.consumedPoints > limiter.points + 1) {
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    }
    const strike = await strikes.penalty(`${limiter.keyPrefix}:${key}`);
    const seconds = Math.min(
      MINUTE_SECONDS * 2 ** (strike.consumedPoints - 1),
      BLOCK_SECONDS_MAX,
    );
    await limiter.block(key, seconds);
    return seconds;
  }
}

function limitersFor(db: Db): Limiters {
  const known = limitersOf.get(db);
  if (known) return known;
  const limiters = {
    pair: limiter(db, "token-pair", FAILURES_MAX.perIdAndAddress),
    address: limiter(db, "token-address", FAILURES_MAX.perAddress),
    strikes: limiter(db, "token-strikes", 1, MEMORY_SECONDS),
  };
  limitersOf.set(db, limiters);
  return limiters;
}

function limiter(
  db: Db,
  keyPrefix: string,
  points: number,
  duration = MINUTE_SECONDS,
): RateLimiterPostgres {
  const options: IRateLimiterOptions & { tableName: string } = {
    keyPrefix,
    points,
    duration,
    tableName: "rate_limits",
  };
  return new RateLimiterPostgres({
    ...options,
    storeType: "client",
    // Through our own pool, so that a database that is away answers as everywhere.
    storeClient: {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const rows = await db.rows(text, values);
        return { rows, rowCount: rows.length };
      },
    },
    tableCreated: true,
    // Swept with the tokens: a timer in a library outlives tests and processes.
    clearExpiredByTimeout: false,
  });
}

/** Removes counters that ended more than an hour ago. */
export async function sweepThrottle(
  db: Db,
  now: Date = new Date(),
): Promise<void> {
  await db.rows("delete from rate_limits where expire < $1", [
    now.getTime() - MEMORY_SECONDS * 1_000,
  ]);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}
