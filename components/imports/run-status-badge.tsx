import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ImportRun } from "@/lib/domain/import-run";

/** "Sending", "Interrupted", "Paused", "Finished", "Cancelled". */
export function RunStatusBadge({
  run,
}: {
  run: Pick<ImportRun, "status" | "lease">;
}) {
  const [name, tone] = describe(run);
  return (
    <Badge tone={tone} hasDot>
      {name}
    </Badge>
  );
}

function describe({
  status,
  lease,
}: Pick<ImportRun, "status" | "lease">): [name: string, tone: BadgeTone] {
  switch (status) {
    case "running":
      return lease ? ["Sending", "accent"] : ["Interrupted", "warning"];
    case "paused":
      return ["Paused", "warning"];
    case "finished":
      return ["Finished", "success"];
    case "cancelled":
      return ["Cancelled", "neutral"];
  }
}
