import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import {
  isPlainText,
  TABLE_PARTS_MAX,
  type TablePart,
} from "@/lib/domain/table-parts";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { CANONICAL } from "./csv-writer";
import { hashFile } from "./file-hash";
import {
  compareNames,
  findCandidates,
  isPart,
  type Candidate,
  type InputTools,
} from "./input-candidates";
import { joinParts, partOf, type OpenPart } from "./join-parts";
import type { SheetChoice, TablePreview } from "./messages";
import { readNotedEdits } from "./noted-edits";
import { openTable } from "./open-table";
import { sheetNotices } from "./sheet-notices";
import type { SheetFacts } from "./sheet-rows";
import { writeSheetTable } from "./sheet-table";

/** Sheets that are not chosen are counted while it is quick. */
const COUNTED_BYTES_MAX = 20_000_000;
const COUNTED_MS_MAX = 2_000;
const FILES_MAX = 100;

/** What was dropped, as the one table that everything downstream reads. */
export type TableInput = {
  /** Read it with `readTable(table, preview.options)`. */
  table: Blob;
  preview: TablePreview;
  /** Bytes of what was dropped. */
  bytes: number;
  /** Identity of what was dropped; `undefined` when `table` is that very file. */
  hash: (() => Promise<string>) | undefined;
};

type Named = { file: Blob; name: string };

/**
 * Makes one table of whatever was dropped: a CSV or TSV is read as it is; sheets
 * of workbooks, what is in a zip, and several files are written once as CSV.
 * Files come in the order of their names, so that the same files make the same
 * table in whatever order they are dropped. Options that are given are kept;
 * `parts` among them says which sheets and files to take.
 *
 * @throws {AppError} a sentence for the page: what cannot be read and why.
 */
export async function openInput(
  files: readonly File[],
  given: Partial<TableOptions>,
  tools: InputTools,
): Promise<TableInput> {
  const input = await openFiles(files, given, tools);
  const { table, preview } = input;
  if (!preview.rejectedBy) return input;
  const edits = await readNotedEdits(table, preview);
  if (edits.length === 0) return input;
  const rejectedBy = { ...preview.rejectedBy, edits };
  return { ...input, preview: { ...preview, rejectedBy } };
}

async function openFiles(
  files: readonly File[],
  given: Partial<TableOptions>,
  tools: InputTools,
): Promise<TableInput> {
  if (files.length > FILES_MAX) {
    throw new AppError(
      "too_large",
      FILE_REFUSALS.tooManyFiles(files.length, FILES_MAX),
    );
  }
  const named = nameFiles(files);
  const [only] = named;
  const list: Candidate[] = [];
  const notices: string[] = [];
  for (const { file, name } of named) {
    const found = await findCandidates(file, name, tools).catch((error) => {
      throw named.length > 1 ? inFile(name, error) : error;
    });
    list.push(...found.list);
    notices.push(...found.notices);
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const first = list[0];
  if (
    only &&
    named.length === 1 &&
    list.length === 1 &&
    first?.text === only.file
  ) {
    const preview = await openTable(only.file, withoutParts(given));
    preview.notices.unshift(...notices);
    return { table: only.file, preview, bytes, hash: undefined };
  }

  const counts = new Map<Candidate, SheetFacts>();
  const chosen = await chooseParts(list, given.parts, counts);
  const made = await makeTable({ chosen, list }, given, counts, tools);
  made.preview.notices.unshift(...notices);
  const sheets = await describe(list, chosen, counts);
  return {
    table: made.table,
    preview: { ...made.preview, sheets },
    bytes,
    hash: () => hashAll(named),
  };
}

/** In the order of their names; files of the same name from different folders are told apart. */
function nameFiles(files: readonly File[]): Named[] {
  const seen = new Map<string, number>();
  return [...files]
    .sort((a, b) => compareNames(a.name, b.name) || a.size - b.size)
    .map((file) => {
      const name = file.name.slice(-240) || "file";
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return { file, name: times === 1 ? name : `${name} (${times})` };
    });
}

const withoutParts = ({ parts: _, ...options }: Partial<TableOptions>) =>
  options;

async function hashAll(files: readonly Named[]): Promise<string> {
  const hashes: string[] = [];
  for (const { file } of files) hashes.push(await hashFile(file));
  return hashes.length === 1
    ? (hashes[0] ?? "")
    : hashFile(new Blob([hashes.join("\n")]));
}

/** What was chosen before, where it is still there; else of each workbook its first visible sheet with cells, and all text files. */
async function chooseParts(
  list: readonly Candidate[],
  wanted: readonly TablePart[] | undefined,
  counts: Map<Candidate, SheetFacts>,
): Promise<Candidate[]> {
  const again = list.filter((candidate) => partFor(candidate, list, wanted));
  if (again.length > 0) return limited(again);

  const chosen: Candidate[] = [];
  const taken = new Set<string>();
  for (const candidate of list) {
    if (candidate.readSheet) {
      if (taken.has(candidate.file) || candidate.visibility !== "visible") {
        continue;
      }
      const facts = await countSheet(candidate, counts);
      if (facts.filledRows === 0) continue;
      taken.add(candidate.file);
    }
    chosen.push(candidate);
  }
  if (chosen.length > 0) return limited(chosen);
  throw new AppError("unprocessable", nothingVisible(list));
}

/** The part, as it was stored, that a candidate is. */
function partFor(
  candidate: Candidate,
  list: readonly Candidate[],
  parts: readonly TablePart[] | undefined,
): TablePart | undefined {
  const isOneFile = list.every(({ file }) => file === candidate.file);
  return (
    parts?.find((part) => isPart(candidate, part)) ??
    // A workbook of another name may be the same, or the next of its kind.
    parts?.find(
      ({ sheet }) => isOneFile && sheet !== null && candidate.sheet === sheet,
    )
  );
}

function nothingVisible(list: readonly Candidate[]): string {
  const hidden = list.filter(({ visibility }) => visibility !== "visible");
  return hidden.length > 0
    ? FILE_REFUSALS.nothingVisible(
        hidden.length,
        hidden
          .slice(0, 5)
          .map(({ sheet }) => `“${sheet}”`)
          .join(", "),
      )
    : FILE_REFUSALS.nothingInWorkbook;
}

function limited(chosen: Candidate[]): Candidate[] {
  if (chosen.length <= TABLE_PARTS_MAX) return chosen;
  throw new AppError(
    "too_large",
    FILE_REFUSALS.tooManyParts(chosen.length, TABLE_PARTS_MAX),
  );
}

async function countSheet(
  candidate: Candidate,
  counts: Map<Candidate, SheetFacts>,
): Promise<SheetFacts> {
  const known = counts.get(candidate);
  if (known) return known;
  if (!candidate.readSheet) throw new Error("Only sheets are counted.");
  const facts = await candidate.readSheet(() => undefined);
  counts.set(candidate, facts);
  return facts;
}

async function makeTable(
  { chosen, list }: Record<"chosen" | "list", readonly Candidate[]>,
  given: Partial<TableOptions>,
  counts: Map<Candidate, SheetFacts>,
  tools: InputTools,
): Promise<{ table: Blob; preview: TablePreview }> {
  const opened: (OpenPart & { preview: TablePreview })[] = [];
  for (const candidate of chosen) {
    const isOnly = chosen.length === 1;
    const stored = partFor(candidate, list, given.parts);
    const how = isOnly
      ? { ...defined(stored), ...defined(withoutParts(given)) }
      : defined(stored);
    const one = await openPart(candidate, how, counts).catch((error) => {
      throw isOnly ? error : inFile(candidate.sheet ?? candidate.file, error);
    });
    opened.push(one);
    tools.onAlive();
  }
  const [first] = opened;
  if (!first) throw new Error("No part was chosen.");
  if (opened.length === 1) {
    const { part, table, preview } = first;
    const { options } = preview;
    const parts = [partOf(part, options)];
    return { table, preview: { ...preview, options: { ...options, parts } } };
  }
  const joined = await joinParts(opened, tools.onAlive);
  const options = { ...CANONICAL, headerRow: 1, parts: joined.parts };
  const preview = await openTable(joined.table, options);
  const own = opened.flatMap((one) => {
    const label = one.part.sheet ?? one.part.file;
    return one.preview.notices.map((notice) => `${label}: ${notice}`);
  });
  preview.notices.push(...joined.notices, ...own);
  preview.isEncodingCertain = opened.every(
    (one) => one.preview.isEncodingCertain,
  );
  preview.quoteProblems = joined.quoteProblems;
  return { table: joined.table, preview };
}

type HowRead = Partial<Omit<TableOptions, "parts">>;

async function openPart(
  candidate: Candidate,
  how: HowRead,
  counts: Map<Candidate, SheetFacts>,
): Promise<OpenPart & { preview: TablePreview }> {
  const part = { file: candidate.file, sheet: candidate.sheet };
  const { text, readSheet } = candidate;
  if (!readSheet) {
    const table = text ?? new Blob([]);
    const preview = await openTable(table, how);
    const { options, headers } = preview;
    return { part, table, options, headers, preview };
  }
  const { table, headerRow, facts } = await writeSheetTable(
    readSheet,
    how.headerRow,
  );
  counts.set(candidate, facts);
  if (facts.filledRows === 0) {
    throw new AppError(
      "unprocessable",
      FILE_REFUSALS.emptySheet(candidate.sheet ?? ""),
    );
  }
  const preview = await openTable(table, { ...CANONICAL, headerRow });
  const { options, headers } = preview;
  preview.notices.push(...sheetNotices(facts, headerRow, headers));
  return { part, table, options, headers, preview };
}

/** Every sheet and file that could be chosen, with its size where that is quick to know. */
async function describe(
  list: readonly Candidate[],
  chosen: readonly Candidate[],
  counts: Map<Candidate, SheetFacts>,
): Promise<SheetChoice[]> {
  const until = performance.now() + COUNTED_MS_MAX;
  const choices: SheetChoice[] = [];
  for (const candidate of list) {
    const isQuick =
      candidate.bytes <= COUNTED_BYTES_MAX && performance.now() < until;
    let facts = counts.get(candidate);
    if (!facts && candidate.readSheet && isQuick) {
      // A sheet that nobody chose may be damaged.
      facts = await countSheet(candidate, counts).catch(() => undefined);
    }
    choices.push({
      file: candidate.file,
      sheet: candidate.sheet,
      visibility: candidate.visibility,
      isChosen: chosen.includes(candidate),
      rows: facts ? facts.lastRow : null,
      columns: facts ? facts.columns : null,
    });
  }
  return choices;
}

function defined<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, one]) => one !== undefined),
  ) as Partial<T>;
}

function inFile(name: string, error: unknown): unknown {
  return error instanceof AppError
    ? new AppError(error.code, `${name}: ${error.message}`, { cause: error })
    : error;
}

/** Whether the delimiter, encoding and quotes of these options can be chosen by a person. */
export const isReadAsText = ({ parts }: TableOptions) => isPlainText(parts);
