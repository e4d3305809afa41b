import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { importQueries } from "@/lib/client/import-queries";
import { postUndoStep } from "@/lib/client/undo-queries";
import { AppError, ERROR_CODES } from "@/lib/domain/errors";
import type { ImportRun } from "@/lib/domain/import-run";

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

type Hold = { is: "waiting" | "refused"; message: string } | undefined;

/**
 * Runs an undo while `tabId` is given, request after request: the server does a
 * second's worth of batches in each. Waits while the server is away.
 */
export function useUndoSteps(
  runId: string,
  tabId: string | undefined,
): { hold: Hold; forget: () => void } {
  const client = useQueryClient();
  const [hold, setHold] = useState<Hold>();

  useEffect(() => {
    if (tabId === undefined) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const show = (run: ImportRun) => {
      client.setQueryData(importQueries.run(runId).queryKey, run);
    };
    async function drive(tab: string) {
      let retryMs = RETRY_MS_MIN;
      while (!signal.aborted) {
        try {
          const run = await postUndoStep(runId, tab, signal);
          setHold(undefined);
          retryMs = RETRY_MS_MIN;
          show(run);
          if (run.status !== "running") break;
        } catch (error) {
          if (signal.aborted) return;
          const message = error instanceof Error ? error.message : "";
          if (!(error instanceof AppError) || !isRetryable(error)) {
            setHold({ is: "refused", message });
            break;
          }
          setHold({ is: "waiting", message });
          await wait(retryMs, signal);
          retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
        }
      }
      void client.invalidateQueries({ queryKey: importQueries.all() });
    }
    void drive(tabId);
    return () => leaving.abort();
  }, [client, runId, tabId]);

  return { hold, forget: () => setHold(undefined) };
}

function isRetryable({ code }: AppError): boolean {
  return ERROR_CODES[code].retryable;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
