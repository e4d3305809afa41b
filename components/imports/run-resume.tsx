"use client";

import { useState } from "react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import type { RunActions } from "@/lib/client/run-actions";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_PROGRESS_WORDS as WORDS } from "@/lib/wording/import-run";
import { CANCEL_IMPORT_WORDS } from "@/lib/wording/import-send";

import { FileDrop } from "./file-drop";
import { RunProgress } from "./run-progress";
import { RunResult } from "./run-result";
import { SendStep } from "./send-step";
import { SetAside } from "./set-aside";
import { useImportSession } from "./use-import-session";

/** Goes on with a run that is not finished: the same file is dropped again, and only what is missing is sent. */
export function RunResume({
  run,
  actions,
}: {
  run: ImportRun;
  actions: RunActions;
}) {
  const { session, controller } = useImportSession({
    sourceId: run.source.id,
    hasEntries: false,
    properties: NONE,
    actions,
    resumed: run,
  });
  const [dropProblem, setDropProblem] = useState<string>();
  const [cancelled, setCancelled] = useState<ImportRun>();

  if (session.at === "ended") return <RunResult run={session.run} />;
  if (cancelled) return <RunResult run={cancelled} />;
  if (session.at === "sending") {
    return (
      <SendStep
        session={session}
        onPause={controller.pause}
        onResume={(isForced) => void controller.goOn(isForced)}
        onCancel={controller.cancel}
      />
    );
  }
  const isReading = session.at !== "idle" && session.at !== "unreadable";
  const problem =
    dropProblem ??
    (session.at === "unreadable" ? session.message : undefined) ??
    ("problem" in session ? (session.problem ?? undefined) : undefined);
  const isHeld = run.lease !== null;

  return (
    <div className="space-y-4">
      <RunProgress run={run} />
      <SetAside run={run} count={run.applied.aside} />
      {problem && <Notice tone="danger">{problem}</Notice>}
      {isReading && !problem ? (
        <div
          role="status"
          className="space-y-3 rounded-card border border-border bg-surface p-6 shadow-card"
        >
          <p className="text-sm">{WORDS.reading(run.file.name)}</p>
          <Progress
            label={WORDS.readShare}
            value={
              session.at === "checking"
                ? session.timed.progress?.bytesRead
                : undefined
            }
            max={run.file.bytes}
          />
        </div>
      ) : (
        <FileDrop
          isCompact
          title={isHeld ? WORDS.takeOver(run.file.name) : WORDS.dropAgain}
          hint={WORDS.dropHint(run)}
          onFile={(...files) => {
            setDropProblem(undefined);
            controller.open(...files);
          }}
          onProblem={setDropProblem}
        />
      )}
      <AlertDialog
        trigger={
          <Button variant="dangerQuiet">{CANCEL_IMPORT_WORDS.cancel}</Button>
        }
        title={CANCEL_IMPORT_WORDS.title}
        description={CANCEL_IMPORT_WORDS.text}
        confirmLabel={CANCEL_IMPORT_WORDS.cancel}
        onConfirm={async () => {
          const result = await actions.cancelRun(run.id);
          if (!result.ok) return result.error.message;
          setCancelled(result.data);
          return undefined;
        }}
      />
    </div>
  );
}

const NONE: never[] = [];
