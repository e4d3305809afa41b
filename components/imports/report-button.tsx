import { Download } from "lucide-react";

import { Button } from "@/components/ui/button";
import type { RunReport } from "@/lib/domain/run-receipt";
import { REPORT_NAMES } from "@/lib/wording/receipts";

import type { Reports } from "./use-reports";

export function ReportButton({
  report,
  reports: { making, download },
}: {
  report: RunReport;
  reports: Reports;
}) {
  return (
    <Button isLoading={making === report} onClick={() => download(report)}>
      <Download aria-hidden />
      {REPORT_NAMES[report]}
    </Button>
  );
}
