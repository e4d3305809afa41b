import { formatCount, formatNumber } from "@/lib/client/format-number";

const entries = (count: number) => formatCount(count, "entry", "entries");

export const missingWords = {
  title: "Entries missing from this file",
  off: (source: string) =>
    `Nothing is deleted. Look for entries of ${source} that this file does not name if the file should be all there is.`,
  find: "Find missing entries",
  finding: (compared: number) =>
    compared === 0
      ? "Reading the keys of the file"
      : `${entries(compared)} of the source compared`,
  stop: "Stop",
  again: "Try again",
  none: (source: string) => `Every entry of ${source} is in this file.`,
  found: (count: number, all: number, source: string) =>
    `${formatNumber(count)} of the ${entries(all)} of ${source} ${count === 1 ? "is" : "are"} not in this file`,
  rejected: (count: number) =>
    `${formatCount(count, "row")} of the file ${count === 1 ? "has" : "have"} no key that can be read. If they name entries, these are in the list too: look for them.`,
  review:
    "Untick what is to stay. Entries of rejected rows are not in the list, as long as their key can be read.",
  search: "Find a key",
  list: "Missing entries",
  delete: (key: string) => `Delete ${key}`,
  ticked: (count: number, of: number) =>
    `${formatNumber(count)} of ${formatNumber(of)} ticked`,
  tickShown: "Tick all shown",
  untickShown: "Untick all shown",
  noMatch: "No missing entry has that in its key.",
  download: "Download the list",
  plan: (count: number) => `Delete ${entries(count)} after the import`,
  confirm: (count: number) => `Delete ${entries(count)}?`,
  confirmText: (count: number, all: number, source: string) =>
    `When the import has finished, ${formatNumber(count)} of the ${entries(all)} of ${source} will be deleted with all their values. Entries that somebody makes or changes until then stay.`,
  confirmLabel: "Delete them after the import",
  planned: (count: number) =>
    `${entries(count)} will be deleted when the import has finished.`,
  change: "Do not delete",
};

/** Why the list is better not acted on. */
export const MISSING_DOUBTS = {
  nothing_known: (source: string) =>
    `No entry of ${source} is in this file, so the key column may be another one than before. Nothing can be deleted by this file. Choose the column that holds the keys of the source.`,
  unreadable_keys: () =>
    "The keys of more than 5 % of the rows cannot be read, so nobody can say which entries are missing. Correct the rejected rows first, or let the keys be cleaned.",
  too_many: () =>
    "More than 200,000 entries are missing, which nobody can review. If the source should hold this file alone, delete the source and import into a new one.",
};

export const mirrorWords = {
  title: "Entries missing from the file",
  preparing: (count: number) => `Preparing to delete ${entries(count)} …`,
  deleted: (count: number) => `${entries(count)} missing from the file deleted`,
  kept: (count: number) =>
    `${entries(count)} left, because they were made or changed after the review.`,
  gone: (count: number) =>
    `${entries(count)} ${count === 1 ? "was" : "were"} gone already.`,
  cancelledImport: "The import was cancelled, so no missing entry was deleted.",
  cancelled: (deleted: number) =>
    `The deletion was cancelled after ${entries(deleted)}.`,
  failed: "The missing entries are not deleted yet",
  again: "Try again",
  otherList:
    "The list could not be read back as it was reviewed, so nothing was deleted. Download it, look at it, and drop it as a file of its own.",
  details: "Details of the deletion",
  download: "Download the list",
  /** On the page of a run. */
  planned: (count: number) =>
    `After this import ${entries(count)} missing from the file were to be deleted.`,
  notBegun:
    "That was not begun, and none of them was deleted. To delete them, drop the file again and review what is missing.",
  follow: "See the deletion",
  state: {
    running: "The deletion is running.",
    paused:
      "The deletion has stopped on the way. Its own page says how to go on.",
    finished: "The deletion has finished.",
    cancelled: "The deletion was cancelled.",
  },
  isMirror:
    "This run deletes entries that the file of another import lacked. Entries made or changed after the list was reviewed are left.",
  main: "See that import",
  goOn: (file: string, left: number) =>
    `${entries(left)} ${left === 1 ? "is" : "are"} still to be looked at. The Studio does not keep the list: if it was downloaded (${file}), drop it on this page to go on.`,
  goOnWithout: (source: string) =>
    `Without the list: cancel this run, drop the file of that import on the import page of ${source} again, and look for missing entries there. What is deleted already stays deleted and is not listed again.`,
};
