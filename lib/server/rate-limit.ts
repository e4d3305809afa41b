import "server-only";

import { createHash } from "node:crypto";

import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";

import { AppError } from "@/lib/domain/errors";

import type { Db } from "./db/client";

export type LimiterRule = {
  /** Starts the keys of the limiter: no two limiters share it. */
  name: string;
  failuresMax: number;
  windowSeconds: number;
};

export type FailureLimiter = {
  /**
   * @throws {AppError} `rate_limited` when the key has failed too often.
   */
  check(key: string): Promise<void>;
  /** Counts a failure; successes are never counted. */
  fail(key: string): Promise<void>;
  forget(key: string): Promise<void>;
};

/**
 * Counts failures in the database, so that all processes count together. Keys
 * are stored as hashes: they may be e-mail addresses. When the database is
 * away, it throws: nothing is let through uncounted.
 */
export function createFailureLimiter(
  db: Db,
  { name, failuresMax, windowSeconds }: LimiterRule,
): FailureLimiter {
  const limiter = new RateLimiterPostgres({
    storeClient: {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const rows = await db.rows(text, values);
        return { rows, rowCount: rows.length };
      },
    },
    storeType: "client",
    tableName: "rate_limits",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: failuresMax,
    duration: windowSeconds,
  });

  return {
    async check(key) {
      const seen = await limiter.get(hashed(key));
      if (seen && seen.consumedPoints >= failuresMax) refuse(seen);
    },
    async fail(key) {
      try {
        await limiter.consume(hashed(key));
      } catch (error) {
        // Already over the limit: the next check refuses.
        if (!(error instanceof RateLimiterRes)) throw error;
      }
    },
    async forget(key) {
      await limiter.delete(hashed(key));
    },
  };
}

function hashed(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}

function refuse(seen: RateLimiterRes): never {
  const seconds = Math.max(1, Math.ceil(seen.msBeforeNext / 1_000));
  const wait =
    seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  throw new AppError(
    "rate_limited",
    `There were too many failed tries. Wait ${wait}, then try again.`,
    { retryAfterSeconds: seconds },
  );
}
