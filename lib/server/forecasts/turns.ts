import "server-only";

import { enterWork, type WorkGateRule } from "@/lib/server/work-gate";

/** What is taken in at all, so that bodies that wait do not fill the memory. */
const GATE: WorkGateRule = {
  name: "forecast",
  processMax: 8,
  actorMax: 4,
  message:
    "The server forecasts for others just now. The forecast goes on in a moment; the import itself does not wait for it.",
};

/** Computed at once in this process: imports keep most of the pool and of the processor. */
const AT_ONCE_MAX = 2;

type Turns = { running: number; waiting: (() => void)[] };

// Next loads this module several times in one process.
const shared = globalThis as typeof globalThis & {
  sourceStudioForecastTurns?: Turns;
};

/**
 * Lets a forecast's batch in, before its body is read; call what it gives when
 * that is over.
 *
 * @throws {AppError} `rate_limited` when there are too many already.
 */
export function enterForecast(actorId: string): () => void {
  return enterWork(GATE, actorId);
}

/** Computes forecasts of a process in turn, few at once, in the order they came. */
export async function inForecastTurn<T>(work: () => Promise<T>): Promise<T> {
  const turns = (shared.sourceStudioForecastTurns ??= {
    running: 0,
    waiting: [],
  });
  if (turns.running >= AT_ONCE_MAX) {
    await new Promise<void>((start) => turns.waiting.push(start));
  } else turns.running += 1;
  try {
    return await work();
  } finally {
    // The place goes to the next in line, or is free.
    const next = turns.waiting.shift();
    if (next) next();
    else turns.running -= 1;
  }
}
