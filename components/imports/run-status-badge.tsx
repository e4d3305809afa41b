import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ImportRun } from "@/lib/domain/import-run";

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
      if (!lease) return ["Interrupted", "warning"];
      return [kind === "undo" ? "Undoing" : "Sending", "accent"];
    case "paused":
      return ["Paused", "warning"];
    case "finished":
      return ["Finished", "success"];
    case "cancelled":
      return ["Cancelled", "neutral"];
  }
}
