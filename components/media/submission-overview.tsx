import { LiveRegion } from "@/components/ui/live-region";
import { Progress } from "@/components/ui/progress";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { MediaFile } from "@/lib/domain/media";

import type { StateCounts } from "./state-counts";

/** How far a submission is, in one sentence and one bar. */
export function SubmissionOverview({
  files,
  counts,
  unsent,
  refused,
  reused,
}: {
  files: readonly MediaFile[];
  counts: StateCounts;
  unsent: number;
  refused: number;
  reused: number;
}) {
  const total = files.length + unsent + refused;
  const ended = counts.completed + counts.failed + counts.cancelled + refused;
  const bytes = files.reduce((sum, { arrivedBytes }) => sum + arrivedBytes, 0);
  const isDone = ended === total;
  const failed = counts.failed + refused;
  const parts = [
    unsent > 0 && `${formatNumber(unsent)} to be sent`,
    counts.created > 0 && `${formatNumber(counts.created)} waiting`,
    counts.progress > 0 && `${formatNumber(counts.progress)} downloading`,
    `${formatNumber(counts.completed)} done`,
    counts.failed > 0 && `${formatNumber(counts.failed)} failed`,
    refused > 0 && `${formatNumber(refused)} refused`,
    counts.cancelled > 0 && `${formatNumber(counts.cancelled)} cancelled`,
    reused > 0 && `${formatCount(reused, "existing file")} kept`,
  ].filter(Boolean);
  const title = isDone
    ? failed > 0
      ? `Ended: ${formatCount(counts.completed, "file")} done, ${formatNumber(failed)} failed`
      : `Ended: ${formatCount(counts.completed, "file")} done`
    : "Fetching the files";
  return (
    <>
      <LiveRegion>{isDone ? title : undefined}</LiveRegion>
      <div className="space-y-3 rounded-card border border-border bg-surface p-5 shadow-card">
        <div className="flex flex-wrap items-baseline justify-between gap-2">
          <p className="text-[0.9375rem] font-semibold">{title}</p>
          <p className="text-lg font-semibold tabular-nums">
            {formatPercent(ended, total)}
          </p>
        </div>
        <Progress
          label="Share of the links that have ended"
          value={ended}
          max={total}
          tone={
            !isDone ? "accent" : counts.completed > 0 ? "success" : "danger"
          }
        />
        <p className="text-sm text-muted">
          {`${parts.join(", ")}; ${formatBytes(bytes)} arrived`}
        </p>
        {!isDone && unsent === 0 && (
          <p className="text-[0.8125rem] text-muted">
            You may leave this page: the server goes on by itself.
          </p>
        )}
      </div>
    </>
  );
}
