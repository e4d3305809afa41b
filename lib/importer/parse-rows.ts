import Papa, { type ParseError } from "papaparse";

import { notesOfStatus, withoutAnswer } from "@/lib/domain/answer-columns";
import { AppError } from "@/lib/domain/errors";
import type { QuoteStyle } from "@/lib/domain/import-run";
import type { RowNotes } from "@/lib/domain/row-notes";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

/** Longer than any row that could be stored; above it, a quote is open that never closes. */
const RECORD_CHARS_MAX = 8_000_000;

export type ParsedRows = {
  rows: string[][];
  /** Quotes that do not open or close a cell properly. */
  quoteProblems: number;
  /** Of a file of rejected rows: what the status of each row says. */
  notes?: (RowNotes | undefined)[];
};

export type RowParser = {
  /** Takes the next piece of text and gives the rows that are complete. */
  push(text: string): ParsedRows;
  /** Gives the last row, when the text did not end with a line break. */
  finish(): ParsedRows;
  /** The text that was taken and is in no row yet. */
  held(): string;
};

type Parsed = {
  data: string[][];
  errors: ParseError[];
  meta: { cursor: number };
};

const NOTHING: ParsedRows = { rows: [], quoteProblems: 0 };

/**
 * Cuts text that comes in pieces into rows of cells. PapaParse's own parser
 * does the cutting, on pieces that end where a row ends; its file reader breaks
 * characters apart and its header and typing options change data (parsing.md
 * 2.4).
 *
 * @throws {AppError} `unprocessable` when one row grows past all bounds.
 */
export function createRowParser(args: {
  delimiter: string;
  lineBreak: "\n" | "\r";
  quotes: QuoteStyle;
  /** Position of the two columns of a file of rejected rows; they are cut out. */
  answersAt?: number | undefined;
}): RowParser {
  const { delimiter, lineBreak, quotes, answersAt } = args;
  const parse = createParse(delimiter, lineBreak, quotes);
  let rest = "";
  /** An open quote spans pieces: parsing again only when the text has doubled keeps the work linear. */
  let waitFor = 0;
  let waiting: string[] = [];
  let waitingChars = 0;

  function push(piece: string): ParsedRows {
    waiting.push(piece);
    waitingChars += piece.length;
    if (rest.length + waitingChars < waitFor) return NOTHING;
    const text = takeText();
    const parsed = parse(text, true);
    const { cursor } = parsed.meta;
    rest = cursor === 0 ? text : text.slice(cursor);
    if (rest.length > RECORD_CHARS_MAX) throw new EndlessRecordError();
    waitFor = parsed.data.length === 0 ? rest.length * 2 : 0;
    return settle(parsed);
  }

  function finish(): ParsedRows {
    const text = takeText();
    rest = "";
    if (text === "") return NOTHING;
    const parsed = parse(text, false);
    // Text was held back while a quote seemed open: it may hold whole rows and end with a line break.
    const last = parsed.data.at(-1);
    const isEmptyEnd =
      text.endsWith(lineBreak) && last?.length === 1 && last[0] === "";
    if (isEmptyEnd && parsed.data.length > 1) parsed.data.pop();
    return settle(parsed);
  }

  function takeText(): string {
    const text = rest + waiting.join("");
    waiting = [];
    waitingChars = 0;
    return text;
  }

  function settle({ data, errors }: Parsed): ParsedRows {
    // Papa also reports the row it left out, and will report it again.
    const quoteProblems = errors.filter(
      ({ row }) => row !== undefined && row < data.length,
    ).length;
    if (answersAt === undefined) return { rows: data, quoteProblems };
    const notes = data.map((cells) => notesOfStatus(cells[answersAt] ?? ""));
    const rows = data.map((cells) => withoutAnswer(cells, answersAt));
    return { rows, quoteProblems, notes };
  }

  return { push, finish, held: () => rest + waiting.join("") };
}

/** A quote was opened and nothing closes it. The reader, who counts rows, makes the sentence. */
export class EndlessRecordError extends AppError {
  constructor(rowNumber?: number) {
    super("unprocessable", FILE_REFUSALS.endlessRow(rowNumber));
  }
}

type Parse = (text: string, ignoreLastRow: boolean) => Parsed;

/** PapaParse with the final CR of lines cut off (parsing.md 2.4, 4). */
function createParse(
  delimiter: string,
  lineBreak: "\n" | "\r",
  quotes: QuoteStyle,
): Parse {
  // Papa's fast mode cuts at every delimiter and knows no quotes.
  const isText = quotes === "text";
  const settings = {
    delimiter,
    newline: lineBreak,
    ...(isText ? { fastMode: true } : {}),
  };
  const parser = new Papa.Parser(settings);

  return (text, ignoreLastRow) => {
    const mayCut = lineBreak === "\n" && text.includes("\r");
    if (mayCut && !isText && text.includes('\r"')) {
      return parseRowByRow(settings, text, ignoreLastRow);
    }
    const parsed = parser.parse(text, 0, ignoreLastRow) as Parsed;
    if (mayCut) parsed.data.forEach(cutLastCr);
    if (isText && text.includes('"')) stripQuotePairs(parsed.data);
    return parsed;
  };
}

function cutLastCr(row: string[]): void {
  const last = row.length - 1;
  const cell = row[last];
  if (cell?.endsWith("\r")) row[last] = cell.slice(0, -1);
}

/** Some quoted cell ends in CR: only the text around the end of its row tells that CR from one of the line end. */
function parseRowByRow(
  settings: object,
  text: string,
  ignoreLastRow: boolean,
): Parsed {
  const data: string[][] = [];
  const errors: ParseError[] = [];
  let cursor = 0;
  const parser = new Papa.Parser({
    ...settings,
    step: (step: {
      data: unknown;
      errors: ParseError[];
      meta: { cursor: number };
    }) => {
      const [row] = step.data as [string[]];
      cursor = step.meta.cursor;
      errors.push(
        ...step.errors.map((error) => ({ ...error, row: data.length })),
      );
      if (!isCrOfCell(text, cursor, row.at(-1) ?? "")) cutLastCr(row);
      data.push(row);
    },
  });
  parser.parse(text, 0, ignoreLastRow);
  return { data, errors, meta: { cursor } };
}

function isCrOfCell(text: string, rowEnd: number, cell: string): boolean {
  const end = text[rowEnd - 1] === "\n" ? rowEnd - 1 : rowEnd;
  if (text[end - 1] === '"') return true;
  return text.slice(end - 2, end) === '"\r' && cell.at(-2) !== '"';
}

function stripQuotePairs(rows: string[][]): void {
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      if (cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"')) {
        row[index] = cell.slice(1, -1);
      }
    }
  }
}
