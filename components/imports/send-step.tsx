"use client";

import { Pause, Play, X } from "lucide-react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import {
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import { formatDuration } from "@/lib/client/format-time";
import type { Hold, ImportSession } from "@/lib/client/import-session";
import { paths } from "@/lib/client/paths";
import { progressRate } from "@/lib/client/progress-rate";

import { SetAside } from "./set-aside";

type SendStepProps = {
  session: Extract<ImportSession, { at: "sending" }>;
  onPause: () => void;
  onResume: (isForced: boolean) => void;
  onCancel: () => Promise<string | undefined>;
};

export function SendStep({
  session: { run, timed, hold: held, checked },
  onPause,
  onResume,
  onCancel,
}: SendStepProps) {
  const total = checked.report.entities;
  // What the ledger had before is counted as the worker passes it.
  const before = run.applied.entities;
  const done = Math.max(before, timed.progress?.entitiesSent ?? 0);
  const isWaiting = timed.progress?.isWaitingForServer === true;
  const hold: Hold =
    held.is === "none" && isWaiting
      ? { is: "waiting", message: "The server cannot be reached just now." }
      : held;
  const rate =
    hold.is === "none"
      ? progressRate({
          amount: done - before,
          total: total - before,
          elapsedMs: timed.nowMs - timed.startedAtMs,
        })
      : null;
  const isGone = hold.is === "refused" && hold.remedy === "none";
  const percent = formatPercent(done, total);

  return (
    <div className="space-y-4">
      <HoldNotice
        hold={hold}
        // The worker tries by itself; only a wait of the page can be cut short.
        onResume={held.is === "none" ? undefined : onResume}
      />
      <div className="space-y-4 rounded-card border border-border bg-surface p-6 shadow-card">
        <div className="flex flex-wrap items-baseline justify-between gap-2">
          <h2 className="text-[0.9375rem] font-semibold">
            {`${HEADLINES[hold.is]} ${run.file.name}`}
          </h2>
          <p className="text-xl font-semibold tabular-nums">{percent}</p>
        </div>
        <Progress
          label="Share of the entries that is sent"
          value={done}
          max={total}
          tone={hold.is === "none" ? "accent" : "neutral"}
        />
        <p className="text-sm text-muted">
          {`${formatNumber(done)} of ${formatCount(total, "entry", "entries")}`}
          {rate &&
            `, ${formatNumber(Math.round(rate.perSecond))} a second, about ${formatDuration(rate.secondsLeft)} left`}
        </p>
        {!isGone && (
          <>
            <div className="flex flex-wrap gap-2 pt-1">
              {hold.is === "paused" ? (
                <Button variant="primary" onClick={() => onResume(false)}>
                  <Play aria-hidden />
                  Go on
                </Button>
              ) : (
                hold.is !== "refused" && (
                  <Button onClick={onPause}>
                    <Pause aria-hidden />
                    Pause
                  </Button>
                )
              )}
              <AlertDialog
                trigger={
                  <Button variant="dangerQuiet">
                    <X aria-hidden />
                    Cancel the import
                  </Button>
                }
                title="Cancel this import?"
                description="What was sent stays in the source. The rest is not sent, and this run cannot be taken up again."
                confirmLabel="Cancel the import"
                onConfirm={onCancel}
              />
            </div>
            <p className="text-[0.8125rem] text-muted">
              Keep this tab open. If it closes, nothing is lost: drop the same
              file again to go on where it stopped.
            </p>
          </>
        )}
      </div>
      <SetAside
        run={run}
        count={run.applied.aside + (timed.progress?.entitiesAside ?? 0)}
      />
      <LiveRegion>{spoken(hold, done, total)}</LiveRegion>
    </div>
  );
}

const HEADLINES: Record<Hold["is"], string> = {
  none: "Importing",
  paused: "Paused:",
  waiting: "Waiting for the server:",
  refused: "Stopped:",
};

function HoldNotice({
  hold,
  onResume,
}: {
  hold: Hold;
  onResume: ((isForced: boolean) => void) | undefined;
}) {
  if (hold.is === "waiting") {
    return (
      <Notice
        tone="warning"
        title="Waiting for the server"
        isLive
        actions={
          onResume && (
            <Button size="sm" onClick={() => onResume(false)}>
              Try now
            </Button>
          )
        }
      >
        {`${hold.message} It is tried again by itself; what was sent is safe.`}
      </Notice>
    );
  }
  if (hold.is !== "refused") return null;
  return (
    <Notice
      tone="danger"
      title="The import stopped"
      actions={
        <>
          {hold.remedy === "signIn" && (
            <LinkButton size="sm" href={paths.signIn()} target="_blank">
              Sign in (new tab)
            </LinkButton>
          )}
          {hold.remedy === "none" ? (
            <LinkButton size="sm" href={paths.sources()}>
              Go to the sources
            </LinkButton>
          ) : (
            <Button
              size="sm"
              onClick={() => onResume?.(hold.remedy === "takeOver")}
            >
              {hold.remedy === "takeOver" ? "Take it over" : "Try again"}
            </Button>
          )}
        </>
      }
    >
      {hold.message}
    </Notice>
  );
}

/** Changes at every tenth only, so that a screen reader is not talked over. */
function spoken(hold: Hold, done: number, total: number): string {
  if (hold.is === "paused") return "The import is paused.";
  if (hold.is !== "none") return "";
  const tenth = total > 0 ? Math.floor((done / total) * 10) * 10 : 0;
  return `${tenth} % of the entries are sent.`;
}
