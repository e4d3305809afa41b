"use client";

import { CircleCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import {
  asMirrorOf,
  DELETE_LIST_MAPPING,
  deleteList,
  isJustThePlan,
  type MirrorPlan,
} from "@/lib/client/mirror-run";
import { paths } from "@/lib/client/paths";
import type { RunActions } from "@/lib/client/run-actions";
import { saveBlob } from "@/lib/client/save-blob";
import type { ImportRun } from "@/lib/domain/import-run";
import { mirrorWords as words } from "@/lib/wording/missing-entries";

import { SendStep } from "./send-step";
import { useImportSession } from "./use-import-session";

type MirrorRunProps = {
  /** The import that has finished. */
  run: ImportRun;
  plan: MirrorPlan;
  actions: RunActions;
};

/** Deletes the reviewed entries by a run of its own, through the same pipeline as any file. */
export function MirrorRun(props: MirrorRunProps) {
  return props.run.status === "finished" ? (
    <Section title={words.title}>
      <Deletion {...props} />
    </Section>
  ) : (
    <Notice>{words.cancelledImport}</Notice>
  );
}

function Deletion({ run, plan, actions }: MirrorRunProps) {
  const [list] = useState(() => deleteList(plan.keys, run.file.name));
  const [own] = useState(() => asMirrorOf(actions, run, plan));
  const { session, controller } = useImportSession({
    ...{ sourceId: run.source.id, hasEntries: false, properties: [] },
    actions: own,
  });
  const isChecked = useRef(false);
  const isOther =
    session.at === "checked" && !isJustThePlan(session.checked, plan);
  const { at } = session;

  useEffect(() => {
    isChecked.current = false;
    controller.open(list);
  }, [controller, list]);
  useEffect(() => {
    // Each goes on by itself once; after a failure a person says when.
    if (at === "mapping" && !isChecked.current) {
      isChecked.current = true;
      controller.changeMapping(() => DELETE_LIST_MAPPING);
      controller.check();
    }
    if (at === "checked" && !isOther) void controller.send();
  }, [at, isOther, controller]);

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
  if (session.at === "ended") return <Ended run={session.run} />;
  const problem = isOther
    ? words.otherList
    : session.at === "unreadable"
      ? session.message
      : session.at === "mapping" || session.at === "checked"
        ? session.problem
        : null;
  return problem === null ? (
    <p role="status" className="text-sm text-muted">
      {words.preparing(plan.keys.length)}
    </p>
  ) : (
    <Notice
      tone="danger"
      title={words.failed}
      actions={
        <>
          {!isOther && (
            <Button
              size="sm"
              onClick={() => {
                if (at === "checked") void controller.send();
                else {
                  isChecked.current = false;
                  controller.open(list);
                }
              }}
            >
              {words.again}
            </Button>
          )}
          <Button size="sm" onClick={() => saveBlob(list, list.name)}>
            {words.download}
          </Button>
        </>
      }
    >
      {problem}
    </Notice>
  );
}

function Ended({ run }: { run: ImportRun }) {
  const { applied, check, status } = run;
  const gone = applied.entities - applied.deleted - applied.aside;
  return (
    <div className="space-y-3">
      <p role="status" className="flex items-center gap-2.5 font-medium">
        {status === "finished" && (
          <CircleCheck
            aria-hidden
            className="size-5 shrink-0 text-success-text"
          />
        )}
        {status === "finished"
          ? words.deleted(applied.deleted)
          : words.cancelled(applied.deleted)}
      </p>
      {applied.aside > 0 && (
        <p className="text-sm text-warning-text">{words.kept(applied.aside)}</p>
      )}
      {gone > 0 && <p className="text-sm text-muted">{words.gone(gone)}</p>}
      {check.entities > 0 && (
        <LinkButton size="sm" href={paths.importRun(run.id)}>
          {words.details}
        </LinkButton>
      )}
    </div>
  );
}
