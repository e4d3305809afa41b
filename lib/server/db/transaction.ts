import "server-only";

import type pg from "pg";

import { stateOf } from "./database-failure";

/** Text, parameters, and the name under which the connection keeps the plan. */
export type Statement = [text: string, params?: unknown[], planName?: string];

/** Outside a transaction these leave nothing behind. */
const LEAVES_NOTHING = /^\s*select\b/i;

/** In a transaction that has failed, every further statement fails with this. */
const FAILED_TRANSACTION = "25P02";

export type OpenTransaction = {
  /** The connection; its statements are part of the transaction. */
  client: pg.PoolClient;
  /**
   * Commits. Returns only after the server has said so.
   *
   * @throws the first failure of any statement, waited for or not; then nothing
   *   is committed.
   */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /**
   * Does a part of the transaction, which stays whole when the part fails: then
   * nothing of the part is left and others may follow. One at a time; all
   * statements of the part have been answered when it returns.
   *
   * @throws what made the part fail.
   */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** What made the transaction fail, where `error` only says that it had. */
  causeOf(error: unknown): unknown;
};

/**
 * Begins a transaction without waiting: selects may go out together with
 * `begin`, in one round trip. What writes waits until `begin` is confirmed;
 * were it to fail alone, a write would be committed on its own.
 */
export function openTransaction(client: pg.PoolClient): OpenTransaction {
  let failure: { error: unknown } | undefined;
  let unanswered = 0;
  let isBegun = false;
  let isWriteWaiting = false;
  let isOver = false;

  const query = client.query.bind(client) as (
    ...args: unknown[]
  ) => Promise<pg.QueryResult>;

  const { stream } = client.connection;
  let isHeldBack = false;

  /** What is sent in one tick goes out in one piece: each costs a call of the system. */
  function holdBack(): void {
    if (isHeldBack) return;
    isHeldBack = true;
    stream.cork();
    process.nextTick(() => {
      isHeldBack = false;
      stream.uncork();
    });
  }

  /** Sends in this tick, and remembers the first failure: answers come in order. */
  async function run(...args: unknown[]): Promise<pg.QueryResult> {
    unanswered += 1;
    holdBack();
    try {
      return await query(...args);
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      unanswered -= 1;
    }
  }

  const begun = run("begin").then(() => {
    isBegun = true;
  });
  // Whoever writes or commits meets it.
  begun.catch(() => undefined);

  async function runInside(...args: unknown[]): Promise<pg.QueryResult> {
    // Later statements do not overtake one that waits.
    if (!isBegun && (isWriteWaiting || !LEAVES_NOTHING.test(textOf(args)))) {
      isWriteWaiting = true;
      await begun;
    }
    // It would be committed on its own, or in somebody else's transaction.
    if (isOver) throw new Error("The transaction of this statement is over.");
    return run(...args);
  }

  function throwFailure(): void {
    if (failure) throw failure.error;
  }

  async function commit(): Promise<void> {
    await begun;
    // A statement that the driver refuses never reaches the server, which would
    // then commit the others: the driver says so by the next tick at the latest.
    if (unanswered > 0) await ticks();
    throwFailure();
    isOver = true;
    const { command } = await run("commit");
    // The server answers ROLLBACK when a statement before has failed.
    throwFailure();
    if (command !== "COMMIT") throw new Error("The commit was a rollback.");
  }

  const causeOf = (error: unknown) =>
    failure && stateOf(error) === FAILED_TRANSACTION ? failure.error : error;

  async function savepoint<T>(work: () => Promise<T>): Promise<T> {
    throwFailure();
    runInside("savepoint part").catch(() => undefined);
    try {
      const result = await work();
      await runInside("release savepoint part");
      if (unanswered > 0) await ticks();
      throwFailure();
      return result;
    } catch (error) {
      const cause = causeOf(error);
      const isUndone = await runInside("rollback to savepoint part").then(
        () => true,
        () => false,
      );
      // Where it failed before the part began, the transaction stays failed.
      if (isUndone) failure = undefined;
      throw cause;
    }
  }

  return {
    client: new Proxy(client, {
      get: (target, name) =>
        name === "query" ? runInside : (Reflect.get(target, name) as unknown),
    }),
    commit,
    rollback: async () => {
      isOver = true;
      await query("rollback");
    },
    savepoint,
    causeOf,
  };
}

/**
 * Lets the callbacks of this tick and all that waits for them go first, without
 * giving other requests a turn: the transaction holds locks.
 */
async function ticks(): Promise<void> {
  const tick = () => new Promise<void>((resolve) => process.nextTick(resolve));
  await tick();
  await tick();
}

function textOf([config]: unknown[]): string {
  if (typeof config === "string") return config;
  const { text } = config as { text?: unknown };
  return typeof text === "string" ? text : "";
}
