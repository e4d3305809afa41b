import { LiveRegion } from "@/components/ui/live-region";
import { Progress } from "@/components/ui/progress";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { MediaFile } from "@/lib/domain/media";
import type { EndpointChoice } from "@/lib/domain/remote-media";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

import type { StateCounts } from "./state-counts";

/** How far a submission is, in one sentence and one bar. */
export function SubmissionOverview({
  endpoint,
  files,
  counts,
  unsent,
  refused,
  reused,
}: {
  /** Where the files are made; `null`: here. */
  endpoint: EndpointChoice | null;
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
  const isHeld = files.some(({ remote }) => remote?.isHeld);
  const failed = counts.failed + refused;
  const parts = [
    unsent > 0 && `${formatNumber(unsent)} to be sent`,
    counts.created > 0 &&
      `${formatNumber(counts.created)} ${endpoint ? words.waiting : "waiting"}`,
    counts.progress > 0 &&
      `${formatNumber(counts.progress)} ${endpoint ? words.fetchingThere : "downloading"}`,
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
    : endpoint
      ? words.title(endpoint.name)
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
          {endpoint
            ? parts.join(", ")
            : `${parts.join(", ")}; ${formatBytes(bytes)} arrived`}
        </p>
        {!isDone && unsent === 0 && !isHeld && (
          <p className="text-[0.8125rem] text-muted">
            {endpoint
              ? words.leave
              : "You may leave this page: the server goes on by itself."}
          </p>
        )}
      </div>
    </>
  );
}
