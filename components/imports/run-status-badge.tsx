import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_STATE_NAMES as NAMES } from "@/lib/wording/import-run";

/** "Sending", "Interrupted", "Paused", "Finished", "Cancelled". */
export function RunStatusBadge({
  run,
}: {
  run: Pick<ImportRun, "kind" | "status" | "lease">;
}) {
  const [name, tone] = describe(run);
  return (
    <Badge tone={tone} hasDot>
      {name}
    </Badge>
  );
}

function describe({
  kind,
  status,
  lease,
}: Pick<ImportRun, "kind" | "status" | "lease">): [
  name: string,
  tone: BadgeTone,
] {
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
