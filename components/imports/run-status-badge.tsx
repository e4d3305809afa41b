import { Badge, type BadgeTone } from "@/components/ui/badge";
import {
  isHandedOver,
  type ImportRun,
  type RunSummary,
} from "@/lib/domain/import-run";
import { RUN_STATE_NAMES as NAMES } from "@/lib/wording/import-run";

/** "Sending", "Interrupted", "Paused", "Finished", "Cancelled". */
export function RunStatusBadge({ run }: { run: ShownRun }) {
  const [name, tone] = describe(run);
  return (
    <Badge tone={tone} hasDot>
      {name}
    </Badge>
  );
}

type ShownRun = Pick<
  ImportRun,
  "kind" | "status" | "lease" | "applied" | "batchesTotal"
> & { delivery: RunSummary["delivery"] | null };

function describe(run: ShownRun): [name: string, tone: BadgeTone] {
  const { kind, status, lease } = run;
  if (status === "running" || status === "paused") {
    if (run.delivery?.isHeld) return [NAMES.held, "warning"];
    if (isHandedOver(run)) return [NAMES.onTheWay, "accent"];
  }
  switch (status) {
    case "running":
      if (!lease) return [NAMES.interrupted, "warning"];
      return [kind === "undo" ? NAMES.undoing : NAMES.sending, "accent"];
    case "paused":
      return [NAMES.paused, "warning"];
    case "finished":
      return [NAMES.finished, "success"];
    case "cancelled":
      return [NAMES.cancelled, "neutral"];
  }
}
