import type { WorkerEvent, WorkerRequest } from "@/lib/importer/messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

/** Longer than any workbook within the limits needs between two signs of life. */
export const SILENT_MS_MAX = 15_000;

type Clock = {
  set: (run: () => void, ms: number) => unknown;
  clear: (timer: never) => void;
};

/**
 * Watches a worker that opens a file: one that gives no sign of life is ended,
 * because nothing inside it can end a parser that does not come back.
 */
export function createOpenWatchdog(
  onDead: (event: WorkerEvent) => void,
  clock: Clock = {
    set: (run, ms) => setTimeout(run, ms),
    clear: (timer) => clearTimeout(timer),
  },
): {
  onPost: (request: WorkerRequest) => void;
  onEvent: (event: WorkerEvent) => void;
  stop: () => void;
} {
  let timer: unknown;
  function stop(): void {
    if (timer !== undefined) clock.clear(timer as never);
    timer = undefined;
  }
  function arm(): void {
    stop();
    timer = clock.set(() => {
      timer = undefined;
      onDead({
        type: "failed",
        message: IMPORT_FAILURES.readingTooLong,
        canRetry: false,
      });
    }, SILENT_MS_MAX);
  }
  return {
    stop,
    onPost: ({ type }) => {
      if (type === "open") arm();
    },
    onEvent: ({ type }) => {
      if (timer === undefined) return;
      if (type === "alive") arm();
      else stop();
    },
  };
}
