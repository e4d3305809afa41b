import "server-only";

import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

import { AppError } from "@/lib/domain/errors";

import * as schema from "./schema";

/** A connection to the database, or one transaction on it. */
export type Db = {
  /** Query builder for reads and small writes. */
  orm: NodePgDatabase<typeof schema>;
  /**
   * Runs one statement; `int8` comes back as a number. With `planName` its plan
   * is kept by the connection. Only for statements that have no plan to choose,
   * such as an insert of values: one made on an empty table and kept cost 27
   * times (storage.md 3, rule 1).
   */
  rows<T extends Record<string, unknown>>(
    text: string,
    params?: unknown[],
    planName?: string,
  ): Promise<T[]>;
  /**
   * Runs `work` in one transaction; on an open transaction, in that one. A
   * deadlock or serialisation failure is tried again, so `work` must have no
   * effect outside the database.
   */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
};

const RETRIED_STATES = new Set(["40001", "40P01"]);
const TRIES_MAX = 4;

// Connection failures and server shutdowns: nothing was acknowledged, a retry may work.
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
]);
const AWAY_STATES = /^(08|57P0|53)/;

// Counts stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool; nothing connects before the first statement. The caller ends it. */
export function createPool(
  connectionString: string,
  connectionsMax = 10,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: connectionsMax,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    application_name: "source-studio",
  });
  // An idle connection that breaks is replaced on the next use.
  pool.on("error", () => undefined);
  return pool;
}

export function createDb(pool: pg.Pool): Db {
  return {
    orm: drizzle(translating(pool), { schema }),
    rows: (...statement) => queryRows(pool, ...statement),
    transaction: (work) => runTransaction(pool, work),
  };
}

async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const client = await pool.connect().catch(asUnavailable);
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const result = await work(transactionDb(client));
      await client.query("commit");
      return result;
    } catch (error) {
      // A failed rollback means a dead connection: it must not go back to the pool.
      await client.query("rollback").catch((failed: Error) => {
        broken = failed;
      });
      if (tried < TRIES_MAX && RETRIED_STATES.has(stateOf(error))) continue;
      return asUnavailable(error);
    } finally {
      client.release(broken);
    }
  }
}

function transactionDb(client: pg.PoolClient): Db {
  let orm: Db["orm"] | undefined;
  const tx: Db = {
    // Made when asked for: imports do without, and it costs as much as a statement.
    get orm() {
      return (orm ??= drizzle(translating(client), { schema }));
    },
    rows: (...statement) => queryRows(client, ...statement),
    transaction: (work) => work(tx),
  };
  return tx;
}

async function queryRows<T extends Record<string, unknown>>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  params: unknown[] = [],
  planName?: string,
): Promise<T[]> {
  try {
    const named = planName === undefined ? {} : { name: planName };
    return (await on.query<T>({ text, values: params, ...named })).rows;
  } catch (error) {
    return asUnavailable(error);
  }
}

/**
 * The same connection for the query builder, with failures as `rows` has them.
 * It wraps them in errors of its own; `toFailure` looks inside.
 */
function translating<C extends pg.Pool | pg.PoolClient>(on: C): C {
  const query = on.query.bind(on) as (...args: unknown[]) => Promise<unknown>;
  return new Proxy(on, {
    get: (target, name) =>
      name === "query"
        ? (...args: unknown[]) => query(...args).catch(asUnavailable)
        : (Reflect.get(target, name) as unknown),
  });
}

/** 22021: NUL in a text. 22P05, and 22P02 that speaks of surrogates: an escape in JSON. */
function isUnstorable(code: string, error: unknown): boolean {
  const { detail } = error as { detail?: unknown };
  return (
    code === "22021" ||
    code === "22P05" ||
    (code === "22P02" && typeof detail === "string" && /surrogate/.test(detail))
  );
}

/** The SQL state or system code, also of an error that the query builder wrapped. */
function stateOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "" : stateOf(cause);
}

/**
 * Rethrows; a database that is away becomes a failure that callers may retry
 * (security.md R13), and a character that no text of it can hold one that names it.
 */
function asUnavailable(error: unknown): never {
  const code = stateOf(error);
  if (isUnstorable(code, error)) {
    throw new AppError(
      "invalid_input",
      "A text holds a character that cannot be stored: NUL, or half of a surrogate pair. Remove it, then send it again.",
      { cause: error },
    );
  }
  const isAway =
    AWAY_CODES.has(code) ||
    AWAY_STATES.test(code) ||
    (error instanceof Error &&
      /timeout exceeded when trying to connect|Connection terminated/.test(
        error.message,
      ));
  if (!isAway) throw error;
  throw new AppError(
    "unavailable",
    code === "53100"
      ? "The server's disk is full, so nothing was stored. Free some space, then send it again."
      : "The database is not reachable just now, so nothing was stored. Try again in a moment.",
    { retryAfterSeconds: 5, cause: error },
  );
}
