import type { WorkerEvent, WorkerRequest } from "@/lib/importer/messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { createOpenWatchdog } from "./open-watchdog";

export type ImportWorker = {
  post(request: WorkerRequest): void;
  /** Ends the worker at once and frees its memory; what was sent stays sent. */
  terminate(): void;
};

/** Starts the worker that reads, checks and sends one file. One job runs at a time; a new one ends the one before. */
export function startImportWorker(
  onEvent: (event: WorkerEvent) => void,
): ImportWorker {
  const worker = new Worker(
    new URL("./import-worker.entry.ts", import.meta.url),
    { type: "module", name: "import" },
  );
  const watchdog = createOpenWatchdog((event) => {
    worker.terminate();
    onEvent(event);
  });
  worker.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
    watchdog.onEvent(data);
    onEvent(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    watchdog.stop();
    onEvent({
      type: "failed",
      message: IMPORT_FAILURES.workerBroke,
      canRetry: true,
    });
  };
  return {
    post: (request) => {
      watchdog.onPost(request);
      worker.postMessage(request);
    },
    terminate: () => {
      watchdog.stop();
      worker.terminate();
    },
  };
}
