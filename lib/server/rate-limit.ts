import "server-only";

import { createHash } from "node:crypto";

import {
  RateLimiterPostgres,
  RateLimiterRes,
  type IRateLimiterOptions,
} from "rate-limiter-flexible";

import { AppError } from "@/lib/domain/errors";

import type { Db } from "./db/client";

/** How long an earlier refusal makes the next one longer. */
const MEMORY_SECONDS = 3_600;
/** Keys whose refusal this process remembers, to spare the database. */
const REMEMBERED_MAX = 10_000;

export type LimiterRule = {
  /** Starts the keys of the limiter: no two limiters share it. */
  name: string;
  failuresMax: number;
  windowSeconds: number;
  /** The first refusal; every further one within an hour takes twice as long, up to the last. */
  refusedSeconds: { first: number; last: number };
};

export type FailureLimiter = {
  /** Seconds for which no further try is to be made; 0 when one may. Counts nothing. */
  wait(key: string): Promise<number>;
  /** Counts a failure, never a success. Gives the seconds to wait when it was one too many, else 0. */
  fail(key: string): Promise<number>;
  forget(key: string): Promise<void>;
};

type Counters = {
  failures: RateLimiterPostgres;
  strikes: RateLimiterPostgres;
  /** Stored key to the epoch milliseconds until which it is refused. */
  refused: Map<string, number>;
};

const countersOf = new WeakMap<Db, Map<string, Counters>>();

/**
 * Counts failures in the database, so that all processes count together. Keys
 * are stored as digests: they may be e-mail addresses, and long. When the
 * database is away it throws: nothing is let through uncounted.
 */
export function createFailureLimiter(
  db: Db,
  rule: LimiterRule,
): FailureLimiter {
  const counters = countersFor(db, rule);
  const { failures, refused } = counters;

  return {
    async wait(key) {
      const stored = digest(key);
      const known = remembered(refused, stored);
      if (known > 0) return known;
      const seen = await failures.get(stored);
      if (!seen || seen.consumedPoints < rule.failuresMax) return 0;
      return remember(refused, stored, seconds(seen.msBeforeNext));
    },
    async fail(key) {
      const stored = digest(key);
      const known = remembered(refused, stored);
      if (known > 0) return known;
      const waits = await countFailure(counters, rule, stored);
      return waits === 0 ? 0 : remember(refused, stored, waits);
    },
    async forget(key) {
      const stored = digest(key);
      refused.delete(stored);
      await failures.delete(stored);
    },
  };
}

/** The refusal that a wait of so many seconds is answered with; `advice` is a sentence before the wait. */
export function tooManyFailures(
  retryAfterSeconds: number,
  advice: string,
): AppError {
  const wait =
    retryAfterSeconds < 90
      ? `${retryAfterSeconds} seconds`
      : `${Math.ceil(retryAfterSeconds / 60)} minutes`;
  return new AppError("rate_limited", `${advice} Wait ${wait}.`, {
    retryAfterSeconds,
  });
}

/** Removes counters that ended more than an hour ago. */
export async function sweepRateLimits(
  db: Db,
  now: Date = new Date(),
): Promise<void> {
  await db.rows("delete from rate_limits where expire < $1", [
    now.getTime() - MEMORY_SECONDS * 1_000,
  ]);
}

async function countFailure(
  { failures, strikes }: Counters,
  { name, refusedSeconds }: LimiterRule,
  key: string,
): Promise<number> {
  try {
    await failures.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // Refused before, maybe by another process: its end stays where it is.
    if (refusal.consumedPoints > failures.points + 1) {
      return seconds(refusal.msBeforeNext);
    }
    const strike = await strikes.penalty(`${name}:${key}`);
    const { first, last } = refusedSeconds;
    const waits = Math.min(first * 2 ** (strike.consumedPoints - 1), last);
    await failures.block(key, waits);
    return waits;
  }
}

function countersFor(db: Db, rule: LimiterRule): Counters {
  const known = countersOf.get(db) ?? new Map<string, Counters>();
  countersOf.set(db, known);
  const counters = known.get(rule.name) ?? {
    failures: limiter(db, rule.name, rule.failuresMax, rule.windowSeconds),
    strikes: limiter(db, "strikes", 1, MEMORY_SECONDS),
    refused: new Map<string, number>(),
  };
  known.set(rule.name, counters);
  return counters;
}

function limiter(
  db: Db,
  keyPrefix: string,
  points: number,
  duration: number,
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

function remembered(refused: Map<string, number>, key: string): number {
  const untilMs = refused.get(key);
  if (untilMs === undefined) return 0;
  const waits = Math.ceil((untilMs - Date.now()) / 1_000);
  if (waits > 0) return waits;
  refused.delete(key);
  return 0;
}

function remember(
  refused: Map<string, number>,
  key: string,
  waits: number,
): number {
  if (refused.size >= REMEMBERED_MAX) refused.clear();
  refused.set(key, Date.now() + waits * 1_000);
  return waits;
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
