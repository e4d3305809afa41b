"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useState, useSyncExternalStore } from "react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { formatPercent } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import type { RunActions } from "@/lib/client/run-actions";
import { tabId } from "@/lib/client/tab-id";
import type { ImportRun } from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";
import { UNDO } from "@/lib/wording/undo";

import { useUndoSteps } from "./use-undo-steps";

/** An undo that goes on or could: runs it when this tab holds it. */
export function UndoProgress({
  run,
  actions,
}: {
  run: ImportRun;
  /** Missing for who may only read. */
  actions?: RunActions | undefined;
}) {
  const client = useQueryClient();
  // Known in the browser alone; the server's page has none.
  const tab = useSyncExternalStore(neverChanges, tabId, () => undefined);
  const isHeld = tab !== undefined && run.lease?.tabId === tab;
  const [wasHeld, setWasHeld] = useState(isHeld);
  if (isHeld && !wasHeld) setWasHeld(true);
  // A hold that ran out while the server was away is taken up again.
  const isMine =
    actions !== undefined &&
    run.status === "running" &&
    (isHeld || (wasHeld && run.lease === null));
  const { hold, forget } = useUndoSteps(run.id, isMine ? tab : undefined);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function act(work: Promise<ActionResult<unknown>>) {
    setIsBusy(true);
    setProblem(undefined);
    forget();
    try {
      const done = await work;
      if (!done.ok) setProblem(done.error.message);
    } catch {
      setProblem(UNDO.unreachable);
    }
    await client.invalidateQueries({ queryKey: importQueries.all() });
    setIsBusy(false);
  }

  const { batches } = run.applied;
  const isHeldElsewhere = run.lease !== null && !isMine;
  return (
    <div className="space-y-4">
      {(problem ?? hold) && (
        <Notice tone={hold?.is === "waiting" ? "warning" : "danger"}>
          {problem ??
            (hold?.is === "waiting"
              ? UNDO.waiting(hold.message)
              : hold?.message)}
        </Notice>
      )}
      <div className="space-y-3 rounded-card border border-border bg-surface p-6 shadow-card">
        <div className="flex flex-wrap items-baseline justify-between gap-2">
          <p className="text-sm">{headline(run, isMine)}</p>
          <p className="text-xl font-semibold tabular-nums">
            {formatPercent(batches, run.batchesTotal)}
          </p>
        </div>
        <Progress
          label={UNDO.progress}
          value={batches}
          max={run.batchesTotal}
          tone={isMine ? "accent" : "neutral"}
        />
        <p className="text-sm text-muted">
          {UNDO.progressOf(batches, run.batchesTotal)}
          {isMine && `. ${UNDO.keepOpen}`}
        </p>
        <LiveRegion>{headline(run, isMine)}</LiveRegion>
        {actions && tab && (
          <div className="flex flex-wrap gap-2">
            {isMine ? (
              <Button
                isLoading={isBusy}
                onClick={() => void act(actions.pauseRun(run.id, tab))}
              >
                <Pause aria-hidden />
                {UNDO.pause}
              </Button>
            ) : (
              <Button
                variant={isHeldElsewhere ? "secondary" : "primary"}
                isLoading={isBusy}
                onClick={() =>
                  void act(
                    actions.takeRun(run.id, {
                      ...{ tabId: tab, isForced: isHeldElsewhere },
                    }),
                  )
                }
              >
                <Play aria-hidden />
                {isHeldElsewhere ? UNDO.takeOver : UNDO.goOn}
              </Button>
            )}
            <AlertDialog
              trigger={<Button variant="dangerQuiet">{UNDO.cancel}</Button>}
              title={UNDO.cancelTitle}
              description={UNDO.cancelText}
              confirmLabel={UNDO.cancel}
              onConfirm={async () => {
                const done = await actions.cancelRun(run.id);
                if (!done.ok) return done.error.message;
                client.setQueryData(
                  importQueries.run(run.id).queryKey,
                  done.data,
                );
                return undefined;
              }}
            />
          </div>
        )}
      </div>
    </div>
  );
}

const neverChanges = () => () => undefined;

function headline(run: ImportRun, isMine: boolean): string {
  if (run.status === "paused") return UNDO.paused;
  if (isMine) return UNDO.undoing;
  return run.lease ? UNDO.elsewhere(run.lease.actorName) : UNDO.stopped;
}
