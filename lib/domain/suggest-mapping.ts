import { readDeleteFlag } from "./delete-flag";
import { readMarkedHeader } from "./entry-export";
import { isLanguageCode, isPropertyId } from "./identifiers";
import { correctLanguage } from "./language-codes";
import {
  canFillSame,
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
} from "./mapping";
import { readHeader, type HeaderReading } from "./read-header";
import { pivotColumns, pivotUse, suggestPivot } from "./suggest-pivot";
import { suggestKeyColumn } from "./suggest-key";
import {
  asTheSourceWrites,
  saysLanguage,
  suggestRowLanguages,
} from "./suggest-row-languages";
import { visibleText } from "./visible-text";

/** What a source has seen of a property. */
export type KnownProperty = { id: string; languages: (string | null)[] };

const LANGUAGE_NAMES =
  /^(locale|language|lang|language[_ -]?code|locale[_ -]?code|sprache|språk|spraak|sprak|langue|idioma|lingua|taal|język|kieli)$/i;
const DELETE_NAMES =
  /^(delete|deleted|is[_ -]?deleted|remove|removed|löschen|gelöscht|borttagen|ta[_ -]?bort|radera|supprimer|supprimé|slett|slet)$/i;
/** The two columns that the download of rejected rows adds. */
const REPORT_HEADERS = ["status", "reason"];

/**
 * A first mapping for a person to correct: by the names of the columns, the
 * first rows, and what the source has seen. Always free of two columns that
 * fill the same value; may be without a key when no column looks like one.
 * `existingKeys` are those of `keysToLookUp` that are entries already: a column
 * that holds such keys is the key rather than one with a surer name.
 */
export function suggestMapping(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[],
  known: readonly KnownProperty[] = [],
  existingKeys: ReadonlySet<string> = new Set(),
): ColumnMapping {
  const cellsOf = cellsIn(sampleRows);
  const names = headers.map((header) => visibleText(header));
  const isOwn = readMarkedHeader(headers[0] ?? "", 0)?.as === "key";
  const languageColumn = names.findIndex(
    (name, column) =>
      LANGUAGE_NAMES.test(name) && filledAll(cellsOf(column), saysLanguage),
  );
  const deleteColumn = names.findIndex(
    (name, column) =>
      DELETE_NAMES.test(name) &&
      cellsOf(column).every((cell) => readDeleteFlag(cell) !== undefined),
  );
  const languages = new Set(
    known.flatMap((property) =>
      property.languages.filter((language) => language !== null),
    ),
  );
  const readings = settleLanguages(names.map(readHeader), known);
  const taken = [languageColumn, deleteColumn];
  const pivot = isOwn
    ? undefined
    : suggestPivot(names, readings, cellsOf, taken);
  const keyColumn = isOwn
    ? 0
    : suggestKeyColumn(names, pivot ? distinctCells(cellsOf) : cellsOf, {
        taken: pivot ? [...taken, ...pivotColumns(pivot)] : taken,
        existingKeys,
      });

  const texts =
    languageColumn >= 0 || pivot
      ? differingColumns(sampleRows, keyColumn, languageColumn, !pivot)
      : undefined;
  const columns = readings.map((reading, column): ColumnUse => {
    const own = readMarkedHeader(headers[column] ?? "", column);
    if (own?.as === "key") return { ...own, property: null, isMarked: true };
    if (own) return { ...own, emptyCell: "skip", isMarked: true };
    if (column === keyColumn) return { as: "key", property: null };
    if (column === languageColumn) {
      const codes = suggestRowLanguages(cellsOf(column), languages);
      return codes.length > 0 ? { as: "language", codes } : { as: "language" };
    }
    if (column === deleteColumn) return { as: "delete" };
    if (isFromReport(names, column, cellsOf)) return { as: "ignore" };
    const pivoted =
      pivot && pivotUse(pivot, column, cellsOf, languageColumn >= 0);
    // What differs between the values of one entry, such as their unit, belongs to them.
    if (pivot && (pivoted || texts?.has(column))) {
      return pivoted ?? { as: "ignore" };
    }
    const id = knownId(reading.id, known);
    if (!isPropertyId(id)) return { as: "ignore" };
    const language = reading.language
      ? asTheSourceWrites(reading.language.code, languages)
      : texts?.has(column)
        ? ROW_LANGUAGE
        : "";
    return { as: "property", id, language, emptyCell: "skip" };
  });
  return {
    columns: withoutClashes(columns),
    keySeparator: "-",
    repeatedKeys: "merge",
  };
}

/**
 * A mapping in which the texts of a file take their language from its language
 * column, when nothing takes it from there yet: else the language would be lost.
 */
export function withRowLanguage(
  mapping: ColumnMapping,
  sampleRows: readonly (readonly string[])[],
): ColumnMapping {
  const { columns } = mapping;
  const isTaken = columns.some(
    (use) => "language" in use && use.language === ROW_LANGUAGE,
  );
  const languageColumn = columns.findIndex(({ as }) => as === "language");
  if (isTaken || languageColumn < 0) return mapping;
  const keyColumn = columns.findIndex(({ as }) => as === "key");
  const texts = differingColumns(sampleRows, keyColumn, languageColumn, true);
  return {
    ...mapping,
    columns: columns.map((use, column) => {
      const isText =
        use.as === "pivotValue" || (use.as === "property" && texts.has(column));
      return isText && use.language === ""
        ? { ...use, language: ROW_LANGUAGE }
        : use;
    }),
  };
}

function distinctCells(cellsOf: (column: number) => string[]) {
  return (column: number) => [...new Set(cellsOf(column))];
}

function cellsIn(rows: readonly (readonly string[])[]) {
  return (column: number) => rows.map((row) => row[column] ?? "");
}

/**
 * Keeps a language where it is likely, a sibling column has the same id in
 * another language, or the source knows the id in that language. Otherwise the
 * ending is part of the name: `order_no`.
 */
function settleLanguages(
  readings: HeaderReading[],
  known: readonly KnownProperty[],
): HeaderReading[] {
  const likely = new Set<string>();
  const codesById = new Map<string, Set<string>>();
  for (const { id, language } of readings) {
    if (!language) continue;
    const codes = codesById.get(id) ?? new Set<string>();
    codesById.set(id, codes.add(language.code));
    if (language.certainty === "likely") likely.add(id);
  }
  const bases = new Set(known.map((property) => property.id));
  for (const { language, wholeId } of readings) {
    if (!language) bases.add(wholeId);
  }
  for (const { id, language } of readings) {
    const hasSibling = (codesById.get(id)?.size ?? 0) > 1 || bases.has(id);
    if (language?.certainty === "glued" && hasSibling) likely.add(id);
  }
  return readings.map((reading) => {
    const { id, language, wholeId } = reading;
    if (!language) return reading;
    const isKnown = known.some(
      (property) =>
        property.id.toLowerCase() === id.toLowerCase() &&
        property.languages.includes(language.code),
    );
    const siblings = codesById.get(id)?.size ?? 0;
    // `itemId` beside `itemNo` and `item` is no text in three languages.
    const isSpelled = !reading.isGlued;
    const isSupported =
      isKnown ||
      likely.has(id) ||
      (isSpelled && (siblings > 2 || isBaseOf(readings, reading)));
    const isKept = language.certainty === "likely" || isSupported;
    if (!isKept || !isLanguageCode(language.code)) {
      return { id: wholeId, wholeId };
    }
    // `cs` and `se` are languages too, but beside `de` and `fr` a country code is the likelier slip.
    const hasCorrect = codesById.get(id)?.has(correctLanguage(language.code));
    const isSlip =
      language.certainty === "unsure" &&
      !isKnown &&
      !hasCorrect &&
      siblings > 1;
    const code = isSlip ? correctLanguage(language.code) : language.code;
    return { id, wholeId, language: { ...language, code } };
  });
}

/** `name` beside `name_no` and `name_is` supports reading the endings as languages, if there are two. */
function isBaseOf(
  readings: readonly HeaderReading[],
  { id, wholeId }: HeaderReading,
) {
  const others = readings.filter(
    (other) => other.language && other.id === id && other.wholeId !== wholeId,
  );
  return (
    others.length > 0 &&
    readings.some((other) => !other.language && other.wholeId === id)
  );
}

/**
 * The columns whose text differs between the rows of one key: in a file with a
 * row a language, the translated ones. Without such rows `allWhenUnknown` says
 * whether all are or none.
 */
function differingColumns(
  rows: readonly (readonly string[])[],
  keyColumn: number,
  languageColumn: number,
  allWhenUnknown: boolean,
): Set<number> {
  const byKey = new Map<string, (readonly string[])[]>();
  for (const row of rows) {
    const key = row[keyColumn] ?? "";
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  const groups = [...byKey.values()].filter((group) => group.length > 1);
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const columns = Array.from({ length: width }, (_, column) => column).filter(
    (column) => column !== keyColumn && column !== languageColumn,
  );
  return new Set(
    groups.length === 0 && allWhenUnknown
      ? columns
      : columns.filter((column) =>
          groups.some((group) =>
            group.some((row) => row[column] !== group[0]?.[column]),
          ),
        ),
  );
}

function filledAll(cells: string[], test: (cell: string) => boolean): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every(test);
}

/** The id of the source that differs in case, hyphens or underscores only. */
function knownId(id: string, known: readonly KnownProperty[]): string {
  if (known.some((property) => property.id === id)) return id;
  const bare = (text: string) => text.toLowerCase().replace(/[_-]/g, "");
  return known.find((property) => bare(property.id) === bare(id))?.id ?? id;
}

function isFromReport(
  names: readonly string[],
  column: number,
  cellsOf: (column: number) => string[],
): boolean {
  const from = names.length - REPORT_HEADERS.length;
  return (
    column >= from &&
    REPORT_HEADERS.every((name, index) => names[from + index] === name) &&
    filledAll(cellsOf(from), (cell) => cell === "rejected")
  );
}

/** Of columns that would fill the same value, later ones get a number at the end of their id. */
function withoutClashes(columns: readonly ColumnUse[]): ColumnUse[] {
  const languagesById = new Map<string, string[]>();
  const nextNumber = new Map<string, number>();

  return columns.map((use) => {
    if (use.as !== "property") return use;
    let { id } = use;
    const clashes = () =>
      languagesById
        .get(id)
        ?.some((language) => canFillSame(language, use.language)) ?? false;
    while (clashes()) {
      const n = nextNumber.get(use.id) ?? 2;
      nextNumber.set(use.id, n + 1);
      id = `${use.id.slice(0, 250)}_${n}`;
    }
    languagesById.set(id, [...(languagesById.get(id) ?? []), use.language]);
    return { ...use, id };
  });
}
