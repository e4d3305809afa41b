import type { IssueCode } from "./import-run";

/**
 * What a rejected row cannot say by its cells when it is dropped again. It
 * travels in the `status` of its row, so that it stays with the row however
 * the rows are sorted. Columns are named as `columnLabels` does.
 */
export type RowNotes = {
  /** Columns that the file of the row does not have: their empty cells say nothing. */
  lacks: readonly string[];
  /** Cells that hold an error of the spreadsheet. */
  errors: readonly string[];
  /** The row was left out for another row that says the same: what both say, the key first. */
  repeats: { code: RepeatCode; says: readonly string[] } | undefined;
  /** Cells that a person changed one by one, in order. */
  edits: readonly NotedEdit[];
};

export type RepeatCode = Extract<
  IssueCode,
  "key_repeated" | "key_replaced" | "key_collapsed"
>;

export type NotedEdit = {
  column: string;
  /** Steps that are no edits and were done before. */
  after: number;
  /** `null`: the text is the cell as it stands in the file. */
  value: string | null;
};

const NAME_CHARS_MAX = 80;
const WORDS: Record<RepeatCode, string> = {
  key_repeated: "same as an earlier row",
  key_replaced: "same as a later row",
  key_collapsed: "same key as another row",
};
const CODES = new Map(
  Object.entries(WORDS).map(([code, words]) => [words, code as RepeatCode]),
);

const NAME = "“[^“”]*”(?: \\(\\d{1,4}\\))?";
const NAMES = new RegExp(NAME, "gu");
const LIST = `${NAME}(?:, ${NAME})*`;
const CLAUSE = new RegExp(
  `; (?:(not in its file|error in|${Object.values(WORDS).join("|")}): (${LIST})|changed by hand: (${NAME}) after (\\d{1,3}) steps?(?: = ("(?:[^"\\\\]|\\\\.)*"))?)`,
  "suy",
);

/** The notes as the end of a status; empty when there is nothing to say. */
export function writeRowNotes(notes: RowNotes): string {
  const { lacks, errors, repeats, edits } = notes;
  const list = (words: string, names: readonly string[]) =>
    names.length === 0 ? "" : `; ${words}: ${names.join(", ")}`;
  return [
    list("not in its file", lacks),
    list("error in", errors),
    repeats ? list(WORDS[repeats.code], repeats.says.map(quoted)) : "",
    ...edits.map(({ column, after, value }) => {
      const text = value === null ? "" : ` = ${JSON.stringify(value)}`;
      return `; changed by hand: ${column} after ${after} ${after === 1 ? "step" : "steps"}${text}`;
    }),
  ].join("");
}

/** What the end of a status says; `undefined` when it is nothing that this product writes. */
export function readRowNotes(end: string): RowNotes | undefined {
  const lacks: string[] = [];
  const errors: string[] = [];
  const edits: NotedEdit[] = [];
  let repeats: RowNotes["repeats"];
  CLAUSE.lastIndex = 0;
  while (CLAUSE.lastIndex < end.length) {
    const match = CLAUSE.exec(end);
    if (!match) return undefined;
    const [, words = "", names = "", column, after, value] = match;
    const list = names.match(NAMES) ?? [];
    if (column !== undefined) {
      const text = value === undefined ? null : readText(value);
      if (text === undefined) return undefined;
      edits.push({ column, after: Number(after), value: text });
    } else if (words === "not in its file") lacks.push(...list);
    else if (words === "error in") errors.push(...list);
    else {
      const code = CODES.get(words);
      const says = list.map((name) => name.slice(1, -1));
      if (code) repeats = { code, says };
    }
  }
  return { lacks, errors, repeats, edits };
}

/** A name for each column that no other has, for the notes. */
export function columnLabels(headers: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headers.map((header) => {
    const name = quoted(header);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** The text of a cell as the notes say it. */
export function notedText(text: string): string {
  return text.replace(/[“”]/gu, '"').slice(0, NAME_CHARS_MAX).toWellFormed();
}

const quoted = (text: string) => `“${notedText(text)}”`;

function readText(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    // Somebody changed the status by hand.
    return undefined;
  }
}
