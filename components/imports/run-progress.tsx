import { Progress } from "@/components/ui/progress";
import {
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { ImportRun } from "@/lib/domain/import-run";

/** How far a run is, as the server knows it. */
export function RunProgress({ run }: { run: ImportRun }) {
  const { applied, check, lease } = run;
  return (
    <div className="space-y-3 rounded-card border border-border bg-surface p-6 shadow-card">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <p className="text-sm">
          {lease
            ? `${lease.actorName} is sending it from a browser tab.`
            : "No browser tab is sending it just now."}
        </p>
        <p className="text-xl font-semibold">
          {formatPercent(applied.entities, check.entities)}
        </p>
      </div>
      <Progress
        label="Share of the entries that is applied"
        value={applied.entities}
        max={check.entities}
        tone={lease ? "accent" : "neutral"}
      />
      <p className="text-sm text-muted">
        {`${formatNumber(applied.entities)} of ${formatCount(check.entities, "entry", "entries")} applied: ${formatNumber(applied.created)} created, ${formatNumber(applied.updated)} updated, ${formatNumber(applied.unchanged)} unchanged, ${formatNumber(applied.deleted)} deleted`}
      </p>
    </div>
  );
}
