"use client";

import type { OpenedFile } from "@/lib/client/import-session";
import type { ColumnMapping, ColumnUse } from "@/lib/domain/mapping";
import {
  addStep,
  removeStep,
  withSteps,
  type StepChange,
} from "@/lib/domain/step-edit";
import type { TableStep } from "@/lib/domain/table-steps";

const KEPT_MAX = 200;

/** The steps at one time, and what the columns that they add were used for. */
type Snapshot = { steps: readonly TableStep[]; added: readonly ColumnUse[] };
/** Of one reading of one file. */
export type StepPast = {
  headers: readonly string[];
  past: Snapshot[];
  future: Snapshot[];
};
export const NO_PAST: StepPast = { headers: [], past: [], future: [] };

export type StepHistory = {
  steps: readonly TableStep[];
  canUndo: boolean;
  canRedo: boolean;
  /** A sentence when it cannot be done. */
  apply: (step: TableStep) => string | undefined;
  remove: (index: number) => string | undefined;
  undo: () => void;
  redo: () => void;
};

/**
 * The steps of a mapping, and the way back. Other changes of the mapping are
 * none of its business. The past is held by the caller, so that it outlives
 * this page.
 */
export function useStepHistory(
  { preview, mapping }: OpenedFile,
  [held, setHeld]: readonly [StepPast, (past: StepPast) => void],
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void,
): StepHistory {
  const { headers } = preview;
  const { past, future } = held.headers === headers ? held : NO_PAST;
  const steps = mapping.steps ?? [];
  const now: Snapshot = { steps, added: mapping.columns.slice(headers.length) };

  function settle(change: StepChange): string | undefined {
    if (!change.ok) return change.message;
    setHeld({ headers, past: [...past.slice(-KEPT_MAX + 1), now], future: [] });
    onMapping((before) => withSteps(before, headers, change.steps));
    return undefined;
  }

  function goTo(
    { steps: wanted, added }: Snapshot,
    held: Omit<StepPast, "headers">,
  ): void {
    setHeld({ headers, ...held });
    onMapping((before) => {
      const next = withSteps(before, headers, wanted);
      const own = next.columns.slice(0, headers.length);
      return own.length + added.length === next.columns.length
        ? { ...next, columns: [...own, ...added] }
        : next;
    });
  }

  return {
    steps,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    apply: (step) => settle(addStep(steps, headers, step)),
    remove: (index) => settle(removeStep(steps, headers, index)),
    undo() {
      const last = past.at(-1);
      if (!last) return;
      goTo(last, { past: past.slice(0, -1), future: [now, ...future] });
    },
    redo() {
      const [next, ...rest] = future;
      if (next) goTo(next, { past: [...past, now], future: rest });
    },
  };
}
