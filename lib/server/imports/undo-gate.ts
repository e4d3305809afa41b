import "server-only";

import { enterWork, type WorkGateRule } from "@/lib/server/work-gate";

const message =
  "The server works out other undos just now. Try again in a moment; nothing was changed.";

/** A whole preview: it reads every batch of a run, and lasts as long as somebody reads it. */
const PREVIEWS: WorkGateRule = {
  ...{ name: "undo preview", processMax: 6, actorMax: 2, message },
};

/** The entries of one batch; for runs with keys in several batches it reads the newer ones too. */
const BATCHES: WorkGateRule = {
  ...{ name: "undo changes", processMax: 8, actorMax: 4, message },
};

/**
 * Lets one more preview of an undo begin; call what it gives when that is over.
 *
 * @throws {AppError} `rate_limited` when there are too many already.
 */
export const enterUndoPreview = (actorId: string): (() => void) =>
  enterWork(PREVIEWS, actorId);

/** The same for the entries of one batch. */
export const enterUndoChanges = (actorId: string): (() => void) =>
  enterWork(BATCHES, actorId);
