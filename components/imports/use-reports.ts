import { useState } from "react";

import { saveBlob } from "@/lib/client/save-blob";
import type { RunReport } from "@/lib/domain/run-receipt";
import { RECEIPTS, REPORT_SUFFIXES } from "@/lib/wording/receipts";

export type Reports = {
  /** The report that is being made. */
  making: RunReport | null;
  problem: string | undefined;
  download: (report: RunReport) => void;
};

/** Makes one report at a time and hands it to the browser as a download. */
export function useReports(
  make: (report: RunReport) => Promise<Blob>,
  fileName: string,
): Reports {
  const [making, setMaking] = useState<RunReport | null>(null);
  const [problem, setProblem] = useState<string>();

  async function download(report: RunReport): Promise<void> {
    if (making) return;
    setMaking(report);
    setProblem(undefined);
    try {
      const name = fileName.replace(/\.[^.]*$/, "");
      saveBlob(await make(report), `${name}-${REPORT_SUFFIXES[report]}.csv`);
    } catch {
      setProblem(RECEIPTS.unmade);
    }
    setMaking(null);
  }
  return { making, problem, download: (report) => void download(report) };
}
