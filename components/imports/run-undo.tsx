"use client";

import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";

import { Section } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { undoQueries } from "@/lib/client/undo-queries";
import type { ImportRun } from "@/lib/domain/import-run";
import { UNDO } from "@/lib/wording/undo";

/** Of a run that has ended: the way to undo it, its undo, or why there is none. */
export function RunUndo({
  run,
  canEdit,
}: {
  run: ImportRun;
  canEdit: boolean;
}) {
  const { data: state } = useQuery(undoQueries.state(run));
  const { undoneBy } = run;
  if (undoneBy) {
    return (
      <Section
        title={UNDO.section}
        actions={
          <LinkButton href={paths.importRun(undoneBy.id)}>
            {UNDO.toUndo}
          </LinkButton>
        }
      >
        <p className="text-sm">{undoneSentence(undoneBy)}</p>
      </Section>
    );
  }
  const canUndo = state?.refusal === null;
  return (
    <Section
      title={UNDO.section}
      actions={
        canUndo &&
        canEdit && (
          <LinkButton href={paths.undoRun(run.id)}>
            <Undo2 aria-hidden />
            {UNDO.button[run.kind]}
          </LinkButton>
        )
      }
    >
      <p className="max-w-prose text-sm text-muted">
        {state
          ? (state.refusal ?? UNDO.offer[run.kind](state.entries))
          : UNDO.loading}
      </p>
    </Section>
  );
}

function undoneSentence(by: NonNullable<ImportRun["undoneBy"]>): string {
  if (by.status !== "finished") return UNDO.undoneBy.running;
  return by.isUndone ? UNDO.undoneBy.broughtBack : UNDO.undoneBy.finished;
}
