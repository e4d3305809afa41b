"use client";

import { Pause, Play, X } from "lucide-react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { formatPercent } from "@/lib/client/format-number";
import type { Hold, ImportSession } from "@/lib/client/import-session";
import { paths } from "@/lib/client/paths";
import { progressRate } from "@/lib/client/progress-rate";
import {
  CANCEL_IMPORT_WORDS,
  SEND_WORDS as WORDS,
} from "@/lib/wording/import-send";

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
      ? { is: "waiting", message: WORDS.unreachable }
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
            {`${WORDS.headlines[hold.is]} ${run.file.name}`}
          </h2>
          <p className="text-xl font-semibold tabular-nums">{percent}</p>
        </div>
        <Progress
          label={WORDS.sentShare}
          value={done}
          max={total}
          tone={hold.is === "none" ? "accent" : "neutral"}
        />
        <p className="text-sm text-muted">
          {WORDS.progress(done, total)}
          {rate && `, ${WORDS.rate(rate.perSecond, rate.secondsLeft)}`}
        </p>
        {!isGone && (
          <>
            <div className="flex flex-wrap gap-2 pt-1">
              {hold.is === "paused" ? (
                <Button variant="primary" onClick={() => onResume(false)}>
                  <Play aria-hidden />
                  {WORDS.goOn}
                </Button>
              ) : (
                hold.is !== "refused" && (
                  <Button onClick={onPause}>
                    <Pause aria-hidden />
                    {WORDS.pause}
                  </Button>
                )
              )}
              <AlertDialog
                trigger={
                  <Button variant="dangerQuiet">
                    <X aria-hidden />
                    {CANCEL_IMPORT_WORDS.cancel}
                  </Button>
                }
                title={CANCEL_IMPORT_WORDS.title}
                description={CANCEL_IMPORT_WORDS.text}
                confirmLabel={CANCEL_IMPORT_WORDS.cancel}
                onConfirm={onCancel}
              />
            </div>
            <p className="text-[0.8125rem] text-muted">{WORDS.keepOpen}</p>
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
        title={WORDS.waiting}
        isLive
        actions={
          onResume && (
            <Button size="sm" onClick={() => onResume(false)}>
              {WORDS.tryNow}
            </Button>
          )
        }
      >
        {WORDS.waitingText(hold.message)}
      </Notice>
    );
  }
  if (hold.is !== "refused") return null;
  return (
    <Notice
      tone="danger"
      title={WORDS.stopped}
      actions={
        <>
          {hold.remedy === "signIn" && (
            <LinkButton size="sm" href={paths.signIn()} target="_blank">
              {WORDS.signIn}
            </LinkButton>
          )}
          {hold.remedy === "none" ? (
            <LinkButton size="sm" href={paths.sources()}>
              {WORDS.toSources}
            </LinkButton>
          ) : (
            <Button
              size="sm"
              onClick={() => onResume?.(hold.remedy === "takeOver")}
            >
              {hold.remedy === "takeOver" ? WORDS.takeOver : WORDS.tryAgain}
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
  if (hold.is === "paused") return WORDS.pausedSpoken;
  if (hold.is !== "none") return "";
  const tenth = total > 0 ? Math.floor((done / total) * 10) * 10 : 0;
  return WORDS.sentSpoken(tenth);
}
