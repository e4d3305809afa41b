import type { ImportRun } from "./import-run";

/**
 * Where the rows of a run's file went. `read` is the sum of all others, always:
 * each row is in exactly one of them.
 */
export type RunTotals = {
  read: number;
  /** Rows that are an entry now, or deleted one. */
  sent: number;
  /** Rows folded into the entry of an earlier row with the same key. */
  merged: number;
  /** By the check, or refused by the server and set aside. */
  rejected: number;
  blank: number;
  /** Rows left out because they are as in the last file of the recipe. */
  unchanged: number;
  /** Rows of batches that are not applied: not yet, or never in a cancelled run. */
  unsent: number;
};

type Counted = {
  check: Pick<
    ImportRun["check"],
    | "rowsRead"
    | "rowsRejected"
    | "rowsBlank"
    | "rowsMerged"
    | "rowsUnchanged"
    | "entities"
  >;
  applied: Pick<ImportRun["applied"], "entities" | "aside" | "asideRows">;
};

/** The totals of one run as the server knows it now. */
export function runTotals({ check, applied }: Counted): RunTotals {
  return {
    read: check.rowsRead,
    sent: applied.entities - applied.aside,
    // Rows merged into an entry that was set aside are rejected with it.
    merged: check.rowsMerged - (applied.asideRows - applied.aside),
    rejected: check.rowsRejected + applied.asideRows,
    blank: check.rowsBlank,
    unchanged: check.rowsUnchanged ?? 0,
    unsent: check.entities - applied.entities,
  };
}

export type ChainTotals = RunTotals & {
  /** Rows that were dropped again beyond those that had been rejected. */
  added: number;
};

/**
 * The totals of a run and all that continue it: rejected rows that were dropped
 * again count once, as what became of them in the end. `read` (of the first
 * run) and `added` together are the sum of the others.
 */
export function chainTotals(
  first: RunTotals,
  later: readonly RunTotals[],
): ChainTotals {
  const sum = (member: keyof RunTotals) =>
    later.reduce((total, totals) => total + totals[member], first[member]);
  const droppedAgain = sum("read") - first.read;
  const stillRejected = sum("rejected") - droppedAgain;
  return {
    read: first.read,
    added: Math.max(0, -stillRejected),
    sent: sum("sent"),
    merged: sum("merged"),
    rejected: Math.max(0, stillRejected),
    blank: sum("blank"),
    unchanged: sum("unchanged"),
    unsent: sum("unsent"),
  };
}
