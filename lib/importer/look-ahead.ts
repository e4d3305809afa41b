import { createLastRows, needsLastRows, type LastRows } from "./repeat-rule";
import type { ImportPass, PassResult } from "./run-import";

/** As a mapping of a pass that leaves out no row for another with its key. */
export const ALL_ROWS = {
  repeatedKeys: "merge",
  collapsedKeys: "same",
} as const;

/** Of a further look at a file, which nobody but its own observers hears. */
export const SILENT = {
  onBatch: () => undefined,
  onRejected: () => undefined,
  onRow: () => undefined,
  onSlice: () => undefined,
  onProgress: () => undefined,
};

/**
 * Reads the file once more before a pass whose choices need to know the last
 * row of each key; `undefined` for all others. `run` is the pass itself, so
 * that both see the same rows. Half of the progress is this look.
 */
export async function lookAhead(
  pass: ImportPass,
  run: (pass: ImportPass) => Promise<PassResult>,
): Promise<LastRows | undefined> {
  const { mapping, onProgress } = pass;
  if (!needsLastRows(mapping)) return undefined;
  const { last, note } = createLastRows(mapping);
  await run({
    ...pass,
    ...SILENT,
    mapping: { ...mapping, ...ALL_ROWS },
    choices: mapping,
    onProgress: (_rows, bytesRead) =>
      onProgress?.(0, Math.floor(bytesRead / 2)),
    observers: [
      {
        row(cells, rowNumber, mapped) {
          if (mapped.kind === "entity") note(cells, rowNumber, mapped);
        },
      },
    ],
  });
  return last;
}
