import { isEntryKey } from "./identifiers";
import { visibleText } from "./visible-text";

/** Names of keys, the surest first. */
const KEY_NAMES = [
  /^(sku|key|entry[_ -]?key|unique[_ -]?id(entifier)?)$/i,
  /^(article|artikel|item|product|produkt|part|material)[_ -]?(no|nr|number|nummer|id|code|key|sku)$/i,
  /^(id|code|gtin|ean|upc|number|nummer|no|nr|uuid|guid|handle|slug|identifier)$/i,
  /alpha-[23]$/i,
  /(^|[_ -])(sku|id|key|code|number|nummer|nr|slug)$|(id|number|nummer|sku)$/i,
];
/** A column of other entries' keys, though its cells are keys of the source. */
const RELATION_NAMES =
  /parent|master|variant[_ -]?of|related|belongs|base|main|group|repla[cs]|success|cross|up[_ -]?sell/i;
/** Rows and characters of keys that are worth a look at what the source has. */
const LOOK_UP_ROWS_MAX = 10;
const LOOK_UP_CHARS_MAX = 4_000;
type CellsOf = (column: number) => string[];

/**
 * The column that most likely names the entries, -1 when none looks like it. A
 * column that holds keys of the source (`existingKeys`, those of `keysToLookUp`
 * that are entries already) comes before one with a surer name.
 */
export function suggestKeyColumn(
  names: readonly string[],
  cellsOf: CellsOf,
  given: { taken: readonly number[]; existingKeys: ReadonlySet<string> },
): number {
  return (
    findExistingKeyColumn(names, cellsOf, given.existingKeys) ??
    findKeyColumn(names, cellsOf, given.taken)
  );
}

/**
 * The texts of the first rows that may be keys of entries, to be looked up in
 * the source for a suggestion: at most 4,000 characters of them.
 */
export function keysToLookUp(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[],
): string[] {
  const names = headers.map((header) => visibleText(header));
  const columns = namedLikeKeys(names);
  const keys = new Set<string>();
  let charsLeft = LOOK_UP_CHARS_MAX;
  for (const row of sampleRows.slice(0, LOOK_UP_ROWS_MAX)) {
    for (const column of columns) {
      const cell = row[column] ?? "";
      if (!isEntryKey(cell) || keys.has(cell)) continue;
      charsLeft -= cell.length;
      if (charsLeft < 0) return [...keys];
      keys.add(cell);
    }
  }
  return [...keys];
}

/** The column with the most keys of the source, if they are half of its keys at least. */
function findExistingKeyColumn(
  names: readonly string[],
  cellsOf: CellsOf,
  existingKeys: ReadonlySet<string>,
): number | undefined {
  let best: { column: number; found: number } | undefined;
  for (const column of namedLikeKeys(names)) {
    const cells = cellsOf(column).slice(0, LOOK_UP_ROWS_MAX);
    const keys = [...new Set(cells.filter(isEntryKey))];
    const found = keys.filter((key) => existingKeys.has(key)).length;
    const isHalf = found > 0 && found * 2 >= keys.length;
    if (isHalf && found > (best?.found ?? 0)) best = { column, found };
  }
  return best?.column;
}

/** Columns whose names are those of keys, the surest names first. */
function namedLikeKeys(names: readonly string[]): number[] {
  const columns = KEY_NAMES.flatMap((pattern) =>
    names.flatMap((name, column) =>
      pattern.test(name) && !RELATION_NAMES.test(name) ? [column] : [],
    ),
  );
  return [...new Set(columns)];
}

function findKeyColumn(
  names: readonly string[],
  cellsOf: CellsOf,
  taken: readonly number[],
): number {
  const fits = names.map((_, column) => {
    const cells = cellsOf(column).filter((cell) => cell !== "");
    if (taken.includes(column)) return undefined;
    const legal = cells.filter(isEntryKey).length;
    const distinct = new Set(cells).size;
    const share = (part: number) =>
      cells.length === 0 ? 1 : part / cells.length;
    const filled = cells.length / Math.max(cellsOf(column).length, 1);
    return { legal: share(legal), distinct: share(distinct), filled };
  });
  // A perfect column first; then one with some illegal or repeated keys, which the check will name.
  for (const [legalMin, distinctMin, filledMin, tiers] of [
    [1, 1, 1, KEY_NAMES.length],
    [0.5, 0.4, 0.9, 3],
    [0, 0, 0, 2],
  ] as const) {
    for (const pattern of KEY_NAMES.slice(0, tiers)) {
      const column = names.findIndex((name, index) => {
        const fit = fits[index];
        return (
          fit !== undefined &&
          pattern.test(name) &&
          fit.legal >= legalMin &&
          fit.distinct >= distinctMin &&
          fit.filled >= filledMin
        );
      });
      if (column >= 0) return column;
    }
  }
  return fits.findIndex(
    (fit) =>
      fit?.legal === 1 &&
      fit.distinct === 1 &&
      fit.filled === 1 &&
      cellsOf(0).length > 1,
  );
}
