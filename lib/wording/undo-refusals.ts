/** Why a run cannot be undone, or its undo not go on. */
export const undoRefusals = {
  remote: (endpoint: string) =>
    `The entries are kept by ${endpoint}, and what it had before is not known here. So this run cannot be undone.`,
  open: "This run has not ended, so it cannot be undone yet. Let it finish, or cancel it, then undo what it has done.",
  undone:
    "This run is undone already. To bring its values back, undo the run that undid it.",
  beingUndone:
    "This run is being undone already. Go on with that undo, or cancel it first.",
  nothingApplied:
    "Nothing of this run was applied, so there is nothing to undo.",
  nothingChanged:
    "This run changed nothing: all its entries were as they are in the file, so there is nothing to undo.",
  tooOld: (days: number) =>
    `What an import replaced is kept for ${days} days. This run is older, so it cannot be undone.`,
  notKept:
    "What this run replaced was not kept: it is from a time when the Studio did not do that yet. So it cannot be undone.",
  tooLarge:
    "A batch of this run replaced more than 100 MB of text, which is not kept. So it cannot be undone.",
  noUndo: "This run imports a file; it takes no other run back.",
  cancelled:
    "This undo was cancelled, so nothing more is taken back. Undo the import again to take back the rest.",
  paused: "This undo is paused. Go on with it on its page.",
  lost: "What this import replaced is not kept any more, so the rest of it cannot be taken back.",
};
