import type { ImportRun, RunInput } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";

import type { CheckedFile } from "./import-session";
import type { RunActions } from "./run-actions";

/** What somebody has reviewed and wants to be deleted when the import is done. */
export type MirrorPlan = {
  /** The check it was reviewed with: a plan for another one is void. */
  checked: CheckedFile;
  keys: readonly string[];
  /** When the source was read. */
  at: string;
};

/** How a list of entries to delete is read. */
export const DELETE_LIST_MAPPING: ColumnMapping = {
  columns: [{ as: "key", property: null }, { as: "delete" }],
  ...{ keySeparator: "-", repeatedKeys: "merge" },
};

/** Entries to delete, as a file that the import page takes: it deletes them when it is dropped. */
export function deleteList(keys: readonly string[], fileName: string): File {
  const lines = ["key,delete", ...keys.map((key) => `${key},yes`)];
  const name = `${fileName.replace(/\.[^.]*$/, "").slice(0, 200)}-missing.csv`;
  return new File([`${lines.join("\r\n")}\r\n`], name, { type: "text/csv" });
}

/** Keeps the plan of a page, and tells it to the run that it is to follow. */
export class MirrorPlanKeeper {
  private plan: MirrorPlan | undefined;

  constructor(private readonly actions: RunActions) {}

  readonly set = (plan: MirrorPlan | undefined): void => {
    this.plan = plan;
  };

  /** The actions of the import: its run says beforehand that another one is to follow. */
  readonly planned = (): RunActions => ({
    ...this.actions,
    startRun: (input) => {
      const { plan } = this;
      if (!plan || !isOf(plan, input)) return this.actions.startRun(input);
      const missing = { entries: plan.keys.length };
      const check = { ...input.check, missing };
      return this.actions.startRun({ ...input, check });
    },
  });
}

function isOf({ checked }: MirrorPlan, { file, check }: RunInput): boolean {
  const { report, fileHash } = checked;
  return (
    fileHash === file.hash &&
    report.entities === check.entities &&
    report.rowsRejected === check.rowsRejected
  );
}

/** The run says whose missing entries it deletes, and as of when. */
export function asMirrorOf(
  actions: RunActions,
  run: ImportRun,
  plan: MirrorPlan,
): RunActions {
  const mirrorOf = { runId: run.id, unchangedSince: plan.at };
  return {
    ...actions,
    startRun: (input) =>
      actions.startRun({ ...input, check: { ...input.check, mirrorOf } }),
  };
}

/** Whether a checked list would delete just what was reviewed. */
export function isJustThePlan(
  { report }: CheckedFile,
  plan: MirrorPlan,
): boolean {
  const { deletes, entities, rowsRejected } = report;
  const count = plan.keys.length;
  return deletes === count && entities === count && rowsRejected === 0;
}
