import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "@/lib/server/db/client";

import { selectUnsettled } from "./store";

const LOOK_MS = 200;
/** Requests of one process that may wait at once; the others are answered right away. */
const WAITING_MAX = 200;

export type SettledWatch = {
  /**
   * Resolves when none of the files can be expected to end any more before
   * `waitMs` have passed: all ended, or the rest is to be tried again later.
   * Never rejects: who waits has an answer already.
   */
  wait(
    tenantId: string,
    ids: string[],
    waitMs: number,
    signal: AbortSignal,
  ): Promise<void>;
  /** Ends all waiting, and whatever is still to come at once. */
  end(): void;
};

type Waiting = {
  tenantId: string;
  ids: Set<string>;
  untilMs: number;
  resolve: () => void;
};

/**
 * Watches links until they are fetched. The worker may be another process, so
 * the database is asked: five times a second, once for everybody who waits.
 */
export function createSettledWatch(db: () => Db): SettledWatch {
  const waiting = new Set<Waiting>();
  let isLooking = false;
  let isOver = false;

  async function look(): Promise<void> {
    while (waiting.size > 0) {
      await delay(LOOK_MS);
      const now = performance.now();
      for (const one of waiting) if (one.untilMs <= now) end(one);
      if (waiting.size === 0) return;
      try {
        await settle([...waiting]);
      } catch {
        // The database is away: what was accepted is answered without the news.
        for (const one of waiting) end(one);
      }
    }
  }

  async function settle(asked: Waiting[]): Promise<void> {
    const longestMs = Math.max(
      ...asked.map(({ untilMs }) => untilMs - performance.now()),
    );
    const unsettled = await selectUnsettled(
      db(),
      asked.flatMap(({ tenantId, ids }) =>
        [...ids].map((id) => ({ tenantId, id })),
      ),
      longestMs,
    );
    const left = new Set(unsettled);
    for (const one of asked) {
      for (const id of one.ids) if (!left.has(id)) one.ids.delete(id);
      if (one.ids.size === 0) end(one);
    }
  }

  function end(one: Waiting): void {
    waiting.delete(one);
    one.resolve();
  }

  return {
    wait(tenantId, ids, waitMs, signal) {
      if (ids.length === 0 || waitMs <= 0 || signal.aborted || isOver)
        return Promise.resolve();
      if (waiting.size >= WAITING_MAX) return Promise.resolve();
      return new Promise((resolve) => {
        const one: Waiting = {
          tenantId,
          ids: new Set(ids),
          untilMs: performance.now() + waitMs,
          resolve: () => {
            signal.removeEventListener("abort", leave);
            resolve();
          },
        };
        const leave = () => end(one);
        signal.addEventListener("abort", leave);
        waiting.add(one);
        if (isLooking) return;
        isLooking = true;
        void look().finally(() => (isLooking = false));
      });
    },
    end() {
      isOver = true;
      for (const one of waiting) end(one);
    },
  };
}
