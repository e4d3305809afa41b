import { Progress } from "@/components/ui/progress";
import { formatPercent } from "@/lib/client/format-number";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_PROGRESS_WORDS as WORDS } from "@/lib/wording/import-run";

/** How far a run is, as the server knows it. */
export function RunProgress({ run }: { run: ImportRun }) {
  const { applied, check, lease } = run;
  return (
    <div className="space-y-3 rounded-card border border-border bg-surface p-6 shadow-card">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <p className="text-sm">
          {lease ? WORDS.sentBy(lease.actorName) : WORDS.sentByNone}
        </p>
        <p className="text-xl font-semibold">
          {formatPercent(applied.entities, check.entities)}
        </p>
      </div>
      <Progress
        label={WORDS.appliedShare}
        value={applied.entities}
        max={check.entities}
        tone={lease ? "accent" : "neutral"}
      />
      <p className="text-sm text-muted">
        {WORDS.applied(applied, check.entities)}
      </p>
    </div>
  );
}
