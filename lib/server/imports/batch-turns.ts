import "server-only";

/** Fewer than the pool has connections, beside what the ingest API may take (`ADMISSION`). */
const RUNS_AT_ONCE_MAX = 3;

type Waiting = { runId: string; start: () => void };
type Turns = { running: Set<string>; waiting: Waiting[] };

// Next loads this module several times in one process.
const shared = globalThis as typeof globalThis & {
  sourceStudioBatchTurns?: Turns;
};

/**
 * Applies batches of a process in turn: one of a run at a time, for they wait
 * for each other in the database anyway, and of few runs at once. So batches
 * that wait for a source hold no connection that a page needs.
 */
export async function inBatchTurn<T>(
  runId: string,
  work: () => Promise<T>,
): Promise<T> {
  const turns = (shared.sourceStudioBatchTurns ??= {
    running: new Set(),
    waiting: [],
  });
  await new Promise<void>((start) => {
    turns.waiting.push({ runId, start });
    startNext(turns);
  });
  try {
    return await work();
  } finally {
    turns.running.delete(runId);
    startNext(turns);
  }
}

function startNext({ running, waiting }: Turns): void {
  while (running.size < RUNS_AT_ONCE_MAX) {
    const at = waiting.findIndex(({ runId }) => !running.has(runId));
    const [next] = at < 0 ? [] : waiting.splice(at, 1);
    if (!next) return;
    // Counted before it goes on, so that its place is not given away twice.
    running.add(next.runId);
    next.start();
  }
}
