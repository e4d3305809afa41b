import { readRowNotes, writeRowNotes, type RowNotes } from "./row-notes";
import type { RowPlace } from "./table-parts";

/** The two columns that a file of rejected rows has behind those of the file the rows come from. */
export const ANSWER_HEADERS = ["status", "reason"] as const;

const WORDS = { rejected: "rejected", aside: "set aside" } as const;
const RUN_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const STATUS = new RegExp(
  `^(?:rejected|set aside), row \\d{1,10}(?: of .{1,520}?)?(?:, import run (${RUN_ID}))?(; .*)?$`,
  "is",
);

/**
 * The cell that says what became of a row, where it stood, and in which run:
 * `rejected, row 17, import run …`. Without a run when nothing was sent. What
 * else must be known when the row is dropped again follows.
 */
export function answerStatus(
  is: keyof typeof WORDS,
  { label, row }: RowPlace,
  runId: string | undefined,
  notes?: RowNotes,
): string {
  // A semicolon is where the notes begin.
  const part = label === "" ? "" : ` of ${label.replaceAll(";", ",")}`;
  const run = runId === undefined ? "" : `, import run ${runId}`;
  const more = notes ? writeRowNotes(notes) : "";
  return `${WORDS[is]}, row ${row}${part}${run}${more}`;
}

/** What the status of a row says beside its place and run; `undefined` for most rows. */
export function notesOfStatus(status: string): RowNotes | undefined {
  if (!status.includes(";")) return undefined;
  const end = STATUS.exec(status.trim())?.[2];
  return end === undefined ? undefined : readRowNotes(end);
}

export type AnswerColumns = {
  /** Position of `status`; `reason` follows it. */
  at: number;
  /** The run that rejected the rows; `null` when they were never sent. */
  runId: string | null;
};

/**
 * Finds the two columns in a file that is dropped again, by what stands in them
 * and not by the name of the file: headers that somebody else gave a meaning to
 * are left alone. `rows` are the first ones below the header.
 *
 * Cells that were emptied or rows that were added by hand are no hindrance, one
 * status of another form is.
 */
export function findAnswerColumns(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): AnswerColumns | undefined {
  const width = headers.findLastIndex((name) => name.trim() !== "") + 1;
  const at = width - ANSWER_HEADERS.length;
  if (at < 1) return undefined;
  const isNamed = ANSWER_HEADERS.every(
    (name, index) => headers[at + index]?.trim().toLowerCase() === name,
  );
  if (!isNamed) return undefined;
  const found = rows.flatMap((cells) => {
    const status = (cells[at] ?? "").trim();
    return status === "" ? [] : [STATUS.exec(status)];
  });
  if (found.length === 0 || found.includes(null)) return undefined;
  const runIds = new Set(found.map((match) => match?.[1]?.toLowerCase()));
  const [runId] = runIds;
  // Rows of several runs have no mapping in common to go on with.
  return { at, runId: runIds.size === 1 ? (runId ?? null) : null };
}

/** A row without the two columns; cells behind them move up. */
export function withoutAnswer(cells: string[], at: number): string[] {
  return cells.length <= at
    ? cells
    : [...cells.slice(0, at), ...cells.slice(at + ANSWER_HEADERS.length)];
}
