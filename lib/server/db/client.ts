import "server-only";

import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

import { rethrowDatabaseFailure, stateOf } from "./database-failure";
import * as schema from "./schema";
import { openTransaction, type Statement } from "./transaction";

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
   * effect outside the database. Statements that do not need each other's
   * answers may be started together: they run in that order, in one round trip.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

/** An open transaction. */
export type Tx = Db & {
  /**
   * Runs one statement whose rows nobody needs, without waiting: together with
   * what follows, also the commit, it costs one round trip. When it fails,
   * nothing is committed and the transaction fails with its error.
   */
  send(text: string, params?: unknown[], planName?: string): void;
  /**
   * Runs `work` as a part of the transaction: when it fails, nothing of it is
   * left and the transaction goes on. Parts are not nested.
   */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
};

const RETRIED_STATES = new Set(["40001", "40P01"]);
const TRIES_MAX = 4;

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
    // A statement need not wait for the answers of those before it.
    pipeline: true,
  });
  // An idle connection that breaks is replaced on the next use; of one in use the
  // statements fail. The event on top of that must not end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

export function createDb(pool: pg.Pool): Db {
  return {
    orm: drizzle(translating(pool), { schema }),
    rows: <T extends Record<string, unknown>>(...statement: Statement) =>
      queryRows<T>(pool, statement),
    transaction: (work) => runTransaction(pool, work),
  };
}

async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const client = await pool.connect().catch(rethrowDatabaseFailure);
    const open = openTransaction(client);
    let broken: Error | undefined;
    try {
      const result = await work(transactionDb(open));
      await open.commit();
      return result;
    } catch (error) {
      // A failed rollback means a dead connection: it must not go back to the pool.
      await open.rollback().catch((failed: Error) => {
        broken = failed;
      });
      const cause = open.causeOf(error);
      if (tried < TRIES_MAX && RETRIED_STATES.has(stateOf(cause))) continue;
      return rethrowDatabaseFailure(cause);
    } finally {
      client.release(broken);
    }
  }
}

function transactionDb(open: ReturnType<typeof openTransaction>): Tx {
  let orm: Db["orm"] | undefined;
  const tx: Tx = {
    // Made when asked for: imports do without, and it costs as much as a statement.
    get orm() {
      return (orm ??= drizzle(translating(open.client), { schema }));
    },
    rows: <T extends Record<string, unknown>>(...statement: Statement) =>
      queryRows<T>(open.client, statement),
    send: (...statement) => {
      queryRows(open.client, statement).catch(() => undefined);
    },
    savepoint: (work) => open.savepoint(work).catch(rethrowDatabaseFailure),
    transaction: (work) => work(tx),
  };
  return tx;
}

async function queryRows<T extends Record<string, unknown>>(
  on: Pick<pg.Pool, "query">,
  [text, params = [], planName]: Statement,
): Promise<T[]> {
  try {
    const named = planName === undefined ? {} : { name: planName };
    return (await on.query<T>({ text, values: params, ...named })).rows;
  } catch (error) {
    return rethrowDatabaseFailure(error);
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
        ? (...args: unknown[]) => query(...args).catch(rethrowDatabaseFailure)
        : (Reflect.get(target, name) as unknown),
  });
}
