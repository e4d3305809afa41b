import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { KeptReason } from "@/lib/domain/undo-run";

const entries = (count: number) => formatCount(count, "entry", "entries");

/** Texts of undoing a run. */
export const UNDO = {
  section: "Undo",
  page: "Undo an import",
  /** Of an import, and of a run that undid one. */
  offer: {
    import: (count: number) =>
      `This import changed ${entries(count)}. Undoing it puts back what was there before; you see what will happen first.`,
    undo: (count: number) =>
      `This undo changed ${entries(count)}. Undoing it brings the values of the import back; you see what will happen first.`,
  },
  button: {
    import: "Undo this import…",
    undo: "Bring the import back…",
  },
  undoneBy: {
    running: "This run is being undone.",
    finished: "This run was undone.",
    broughtBack: "This run was undone, and brought back after that.",
  },
  toUndo: "See the undo",
  loading: "Looking whether this run can be undone…",

  nameOf: (fileName: string) => `Undo of ${fileName}`,
  takesBack: "Takes back",
  theImport: (fileName: string) => `the import of ${fileName}`,
  /** "Takes back the import of FILE into SOURCE": file and source are links. */
  into: "into",
  runs: "Imports",
  unreachable: "The server could not be reached. Try again.",

  previewTitle: {
    import: (fileName: string) => `Undo the import of ${fileName}`,
    undo: (fileName: string) => `Bring the import of ${fileName} back`,
  },
  comparing: "Comparing with what is stored now; nothing is written.",
  comparingOf: (batch: number, batches: number) =>
    `${formatNumber(batch)} of ${formatCount(batches, "batch", "batches")}`,
  compareProgress: "Share of the batches that is compared",
  compared: "The comparison is complete.",
  compareAgain: "Compare again",
  whatWillHappen: "What will happen",
  changes: "Changes",
  changesHint: "As they will be applied, from now to after the undo.",
  views: "How to show the changes",
  nothingLeft:
    "Nothing of this run is left to take back: everything is as it was before, or others have changed it.",
  facts: {
    updated: "entries set back",
    deleted: "entries deleted",
    created: "entries brought back",
    kept: "left as they are",
  },
  confirm: {
    import: "Undo this import",
    undo: "Bring the import back",
  },
  confirmTitle: {
    import: "Undo this import?",
    undo: "Bring the import back?",
  },
  confirmText: (totals: {
    updated: number;
    deleted: number;
    created: number;
  }) => {
    const parts = [
      [totals.updated, "set back to what they were"],
      [totals.deleted, "deleted"],
      [totals.created, "brought back"],
    ] as const;
    const list = parts
      .filter(([count]) => count > 0)
      .map(([count, what], at) =>
        at === 0
          ? `${entries(count)} ${count === 1 ? "is" : "are"} ${what}`
          : `${formatNumber(count)} ${what}`,
      );
    return `${list.join(", ")}. What others changed since stays. The undo can itself be undone.`;
  },

  undoing: "Taking back",
  progress: "Share of the batches that is taken back",
  progressOf: (done: number, total: number) =>
    `${formatNumber(done)} of ${formatCount(total, "batch", "batches")}`,
  keepOpen:
    "Keep this page open. When you leave, the undo stops after the batch at hand and goes on when you come back.",
  elsewhere: (actor: string) =>
    `${actor} runs this undo from another browser tab.`,
  stopped:
    "Nobody is running this undo just now. What was taken back stays so.",
  paused: "This undo is paused. What was taken back stays so.",
  goOn: "Go on",
  takeOver: "Take it over here",
  pause: "Pause",
  waiting: (message: string) => `${message} Trying again…`,
  cancel: "Cancel the undo",
  cancelTitle: "Cancel this undo?",
  cancelText:
    "What was taken back stays so; the rest of the import stays as it is. You can undo the rest later.",

  result: {
    finished: (count: number) => `${entries(count)} taken back`,
    cancelled: (done: number, total: number) =>
      `Cancelled after ${formatNumber(done)} of ${formatCount(total, "batch", "batches")}`,
  },
  batches: "Batches",
  batchesApplied: (done: number, total: number) =>
    `${formatNumber(done)} of ${formatCount(total, "batch", "batches")} taken back, the newest first`,
};

/** Texts of the list of what an undo leaves. */
export const KEPT = {
  title: (count: number, isDone: boolean) =>
    `${formatNumber(count)} ${count === 1 ? "thing" : "things"} ${isDone ? "left" : "will be left"} as ${count === 1 ? "it is" : "they are"}`,
  hint: "Others changed these after the import, so the undo does not touch them.",
  shown: (shown: number, all: number) =>
    `The first ${formatNumber(shown)} of ${formatNumber(all)} are shown; the file has all.`,
  download: "Download the list",
  /** The header of that list, as a line of CSV. */
  fileColumns: "key,property,language,reason,now,before import",
  fileName: (name: string) => `left-by-undo-${name}.csv`,
  columns: {
    key: "Key",
    property: "Property",
    language: "Language",
    reason: "Why it stays",
    current: "Now",
    before: "Before the import",
  },
  none: "nothing",
  reasons: {
    changed: "changed since",
    entry_deleted: "the entry was deleted since",
    entry_kept: "made by the import; others added or changed values since",
    entry_created: "deleted by the import; others made it anew since",
  } satisfies Record<KeptReason, string>,
};
