import { findAnswerColumns, withoutAnswer } from "@/lib/domain/answer-columns";
import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import { TABLE_LIMITS } from "@/lib/domain/limits";
import { isCellError } from "@/lib/domain/row-issue";
import {
  hasHiddenCharacters,
  showHiddenCharacters,
  visibleText,
} from "@/lib/domain/visible-text";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";
import { TABLE_NOTICES } from "@/lib/wording/table-notices";

import { createDecoder } from "./decode";
import { detectDelimiter } from "./detect-delimiter";
import { detectEncoding } from "./detect-encoding";
import { detectHeaderRow, usualWidth } from "./detect-header";
import { inspectUtf8, looksLikeUtf8 } from "./inspect-utf8";
import type { TablePreview } from "./messages";
import { createRowParser } from "./parse-rows";
import {
  brokenUtf8Sentence,
  findLineBreak,
  readSeparatorLine,
  rowAtByte,
} from "./read-table";

/** Longer headers are cut; runs store them at this length. */
export const HEADER_CHARS_MAX = 300;

const SAMPLE_BYTES = 512 * 1024;
const ROWS_SHOWN = 100;
const CELL_CHARS_SHOWN = 500;
const NAMES_LISTED = 5;

type Sample = {
  options: TableOptions;
  isEncodingCertain: boolean;
  /** Row with the first bytes that are no UTF-8, in a file that otherwise is. */
  brokenRow: number | undefined;
  rows: string[][];
  quoteProblems: number;
  isWhole: boolean;
};

/**
 * Looks at the beginning of a file: how to read it, what its columns are
 * called, its first rows, and what a person should know. Options that are given
 * are kept; the rest is guessed. Reads half a megabyte at most.
 *
 * @throws {AppError} a sentence for the page: empty, not text, too many
 *   columns, or not text in the encoding that was asked for.
 */
export async function openTable(
  file: Blob,
  given: Partial<TableOptions> = {},
): Promise<TablePreview> {
  const read = await readSample(file, given);
  const { sample, rejectedBy } = withoutAnswers(read);
  const { options, rows } = sample;
  const { headerRow } = options;
  const body = rows.slice(headerRow);
  const named = headerRow > 0 ? (rows[headerRow - 1] ?? []) : [];

  // Rows that are rejected for too many cells must not make a column of them.
  const width = options.answersAt ?? columnCount(named, body);
  if (width > TABLE_LIMITS.columnsMax) {
    const row = rows.findIndex(({ length }) => length >= width) + 1;
    throw tooManyColumns(row, width);
  }
  if (width === 0) throw nothingFilled(rows);

  const headers = Array.from({ length: width }, (_, column) => {
    const name = (named[column] ?? "").slice(0, HEADER_CHARS_MAX);
    return visibleText(name) === "" ? `Column ${columnLetters(column)}` : name;
  });
  return {
    options,
    isEncodingCertain: sample.isEncodingCertain,
    headers,
    firstRows: rows
      .slice(0, Math.max(ROWS_SHOWN, headerRow + 10))
      .map((cells, index) => ({
        rowNumber: index + 1,
        cells: cells.slice(0, TABLE_LIMITS.columnsMax).map(shorten),
      })),
    notices: findNotices(sample, named, headers),
    quoteProblems: sample.quoteProblems,
    ...(rejectedBy && { rejectedBy }),
  };
}

/** A file of rejected rows is read as the file that the rows come from. */
function withoutAnswers(sample: Sample): {
  sample: Sample;
  rejectedBy: TablePreview["rejectedBy"];
} {
  const { headerRow } = sample.options;
  const found = findAnswerColumns(
    headerRow > 0 ? (sample.rows[headerRow - 1] ?? []) : [],
    sample.rows.slice(headerRow, headerRow + ROWS_SHOWN),
  );
  if (!found) return { sample, rejectedBy: undefined };
  const { at: answersAt, runId } = found;
  return {
    sample: {
      ...sample,
      options: { ...sample.options, answersAt },
      rows: sample.rows.map((cells) => withoutAnswer(cells, answersAt)),
    },
    rejectedBy: { runId },
  };
}

async function readSample(
  file: Blob,
  given: Partial<TableOptions>,
): Promise<Sample> {
  const head = new Uint8Array(await readHead(file));
  if (head.length === 0) {
    throw new AppError("unprocessable", FILE_REFUSALS.empty);
  }
  let guess = detectEncoding(head);
  const broken = guess.isCertain ? undefined : await findBrokenUtf8(head);
  if (broken !== undefined) guess = { encoding: "utf-8", isCertain: false };
  const encoding = given.encoding ?? guess.encoding;
  const isWhole = file.size <= SAMPLE_BYTES;
  let text = decodeHead(head, encoding, isWhole);

  const separator = readSeparatorLine(text);
  if (separator) text = text.slice(separator.length);
  if (text.trim() === "") {
    throw new AppError("unprocessable", FILE_REFUSALS.noText);
  }
  const lineBreak = findLineBreak(text);
  const quotes = given.quotes ?? "standard";
  const delimiter =
    given.delimiter ??
    separator?.delimiter ??
    detectDelimiter(text, lineBreak, isWhole);

  const parser = createRowParser({ delimiter, lineBreak, quotes });
  const complete = parser.push(text);
  // A first row longer than the sample is shown as far as it goes.
  const end = isWhole || complete.rows.length < 2 ? parser.finish() : undefined;
  const rows = [...complete.rows, ...(end?.rows ?? [])];
  const options = {
    encoding,
    delimiter,
    quotes,
    headerRow: given.headerRow ?? detectHeaderRow(rows),
    ...(given.parts && { parts: given.parts }),
  };
  const isBroken = broken !== undefined && encoding === "utf-8";
  return {
    options,
    isEncodingCertain: given.encoding !== undefined || guess.isCertain,
    brokenRow: isBroken ? await rowAtByte(file, options, broken) : undefined,
    rows,
    quoteProblems:
      complete.quoteProblems + (isWhole ? (end?.quoteProblems ?? 0) : 0),
    isWhole,
  };
}

/** Where the first broken place is in a text that is UTF-8 everywhere else. */
async function findBrokenUtf8(
  head: Uint8Array<ArrayBuffer>,
): Promise<number | undefined> {
  const findings = await inspectUtf8(new Blob([head]));
  return looksLikeUtf8(findings) ? findings.brokenAt : undefined;
}

async function readHead(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.slice(0, SAMPLE_BYTES).arrayBuffer();
  } catch (cause) {
    throw new AppError("unprocessable", FILE_REFUSALS.unreadable, { cause });
  }
}

function decodeHead(
  head: Uint8Array,
  encoding: string,
  isWhole: boolean,
): string {
  const decode = createDecoder(encoding);
  try {
    return decode(head, !isWhole);
  } catch {
    // What exactly is broken, and in which row, is told when the whole file is read.
    return new TextDecoder(encoding).decode(head);
  }
}

/** Columns that have neither a name nor a cell are not there: `a,b,` has two. */
function columnCount(named: readonly string[], body: string[][]): number {
  const width = Math.max(named.length, usualWidth(body));
  const lastNamed = named.findLastIndex((name) => visibleText(name) !== "");
  return body.reduce((last, row) => {
    const filled = row.findLastIndex((cell) => cell !== "") + 1;
    return Math.max(last, Math.min(filled, width));
  }, lastNamed + 1);
}

function findNotices(
  { options, rows, isWhole, brokenRow }: Sample,
  named: readonly string[],
  headers: readonly string[],
): string[] {
  const notices: string[] = [];
  const { headerRow } = options;
  if (brokenRow !== undefined) notices.push(brokenUtf8Sentence(brokenRow));
  if (
    isWhole &&
    rows.slice(headerRow).every((row) => row.every((c) => c === ""))
  ) {
    notices.push(
      headerRow > 0
        ? TABLE_NOTICES.onlyHeader(headerRow)
        : TABLE_NOTICES.noRows,
    );
  }
  if (headerRow > 1) {
    notices.push(TABLE_NOTICES.headerBelow(headerRow));
  }
  if (headerRow === 0) {
    notices.push(TABLE_NOTICES.noHeader);
  } else notices.push(...headerNotices(named, headers));

  const ragged = rows
    .slice(headerRow)
    .findIndex((row) => row.slice(headers.length).some((cell) => cell !== ""));
  if (ragged >= 0) {
    notices.push(TABLE_NOTICES.longRow(headerRow + ragged + 1));
  }
  // The last row of a sample may be cut.
  const short = (isWhole ? rows : rows.slice(0, -1))
    .slice(headerRow)
    .findIndex((row) => row.length < headers.length && isFilled(row));
  if (short >= 0) {
    notices.push(
      TABLE_NOTICES.shortRows({ count: 1, first: headerRow + short + 1 }),
    );
  }
  return notices;
}

const isFilled = (row: readonly string[]) => row.some((cell) => cell !== "");

function headerNotices(
  named: readonly string[],
  headers: readonly string[],
): string[] {
  const notices: string[] = [];
  const blank: string[] = [];
  const repeated = new Set<string>();
  const hidden: string[] = [];
  const seen = new Set<string>();
  for (const [column, header] of headers.entries()) {
    const raw = named[column] ?? "";
    const visible = visibleText(raw);
    if (visible === "") blank.push(columnLetters(column));
    else if (seen.has(visible)) repeated.add(visible);
    if (hasHiddenCharacters(raw))
      hidden.push(`“${showHiddenCharacters(header)}”`);
    seen.add(visible);
  }
  if (blank.length > 0) {
    notices.push(TABLE_NOTICES.blankHeaders(list(blank)));
  }
  if (repeated.size > 0) {
    notices.push(
      TABLE_NOTICES.repeatedHeaders(
        list([...repeated].map((name) => `“${name}”`)),
      ),
    );
  }
  if (hidden.length > 0) {
    notices.push(TABLE_NOTICES.hiddenCharacters(list(hidden)));
  }
  return notices;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_LISTED).map((name) => name.slice(0, 60));
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A, B … Z, AA … as spreadsheets name columns. */
export function columnLetters(column: number): string {
  let letters = "";
  for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return letters;
}

function tooManyColumns(row: number, columns: number): AppError {
  return new AppError(
    "unprocessable",
    FILE_REFUSALS.tooManyColumns(row, columns),
  );
}

function nothingFilled(rows: string[][]): AppError {
  const widest = rows.findIndex((row) => row.length > TABLE_LIMITS.columnsMax);
  return widest >= 0
    ? tooManyColumns(widest + 1, rows[widest]?.length ?? 0)
    : new AppError("unprocessable", FILE_REFUSALS.nothingFilled);
}

/** A copy, so that the page does not hold the text the cell was cut from. */
function shorten(cell: string): string {
  if (isCellError(cell)) return cell.slice(1);
  return cell.length > CELL_CHARS_SHOWN
    ? `${cell.slice(0, CELL_CHARS_SHOWN)}…`
    : cell;
}
