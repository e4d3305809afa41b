import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { ImportRun } from "@/lib/domain/import-run";

import { importQueries } from "./import-queries";

const SENDING_POLL_MS = 1_000;
const WAITING_POLL_MS = 5_000;

/** Follows one import run until it has ended: every second while a tab sends, else every five. */
export function useImportRun(
  runId: string,
  initialData?: ImportRun,
): UseQueryResult<ImportRun> {
  return useQuery({
    ...importQueries.run(runId),
    ...(initialData && { initialData }),
    refetchInterval: ({ state }) => {
      const run = state.data;
      if (run?.status === "finished" || run?.status === "cancelled") {
        return false;
      }
      const isDelivering = run?.delivery && run.delivery.batches > 0;
      return run?.lease || isDelivering ? SENDING_POLL_MS : WAITING_POLL_MS;
    },
  });
}
