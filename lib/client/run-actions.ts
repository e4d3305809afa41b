import type { ImportRun, RunInput, TakenRun } from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";

/** The server actions of a run, handed down by the page. */
export type RunActions = {
  startRun: (input: RunInput) => Promise<ActionResult<ImportRun>>;
  takeRun: (
    runId: string,
    by: { tabId: string; isForced: boolean },
  ) => Promise<ActionResult<TakenRun>>;
  pauseRun: (runId: string, tabId: string) => Promise<ActionResult<ImportRun>>;
  cancelRun: (runId: string) => Promise<ActionResult<ImportRun>>;
  finishRun: (runId: string) => Promise<ActionResult<ImportRun>>;
  /** Sends what waits for a remote source at once. */
  releaseRun: (runId: string) => Promise<ActionResult<ImportRun>>;
};
