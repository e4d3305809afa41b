import { isPropertyId } from "./identifiers";
import { ROW_LANGUAGE, type ColumnUse } from "./mapping";
import { suggestPropertyId } from "./suggest-id";

const PROPERTY_NAMES =
  /^(attribute|property|field|feature|characteristic|parameter|spec(ification)?|metafield|attribut|attributt|eigenschaft|merkmal|feld|egenskap|fält|felt|attribuut|eigenschap|kenmerk|attributo|propriedade|atributo|propiedad|campo|caractéristique|propriété|champ|ominaisuus)[_. -]?(code|id|name|key|label)?$/i;
const VALUE_NAMES =
  /^((attribute|property|field)[_. -]?)?(value|val|text|content|wert|inhalt|värde|verdi|værdi|waarde|valeur|valor|valore|wartość|arvo)s?$/i;

/** A name is a short text; longer cells are values. */
const NAME_CHARS_MAX = 100;

export type PivotColumns = {
  property: number;
  /** With the language that its header says, `undefined` when it says none. */
  values: { column: number; language: string | undefined }[];
};

/**
 * The columns of a long file: one row a value, with a column that names the
 * property and one (or one a language) that holds the value. `undefined` when
 * the headers do not look like it.
 * `readings` are the headers without their languages.
 */
export function suggestPivot(
  names: readonly string[],
  readings: readonly { id: string; language?: { code: string } | undefined }[],
  cellsOf: (column: number) => string[],
  taken: readonly number[],
): PivotColumns | undefined {
  const free = names.flatMap((_, column) =>
    taken.includes(column) ? [] : [column],
  );
  const named = free.filter((column) =>
    PROPERTY_NAMES.test(names[column] ?? ""),
  );
  const values = free.flatMap((column) =>
    VALUE_NAMES.test(names[column] ?? "") ||
    VALUE_NAMES.test(readings[column]?.id ?? "")
      ? [{ column, language: readings[column]?.language?.code }]
      : [],
  );
  // "attribute_code" before "attribute_label": ids are what the source keeps.
  const property =
    named.find((column) => /(code|id|key)$/i.test(names[column] ?? "")) ??
    named[0];
  if (property === undefined || values.length === 0) return undefined;
  const cells = cellsOf(property).filter((cell) => cell !== "");
  const looksNamed =
    cells.every((cell) => cell.length <= NAME_CHARS_MAX) &&
    cells.some((cell) => suggestPropertyId(cell) !== "");
  if (!looksNamed || (cells.length > 0 && cells.every(isNumber))) {
    return undefined;
  }
  return { property, values: values.filter(isFirstOfItsLanguage) };
}

/** Positions of the columns of a pivot. */
export function pivotColumns({ property, values }: PivotColumns): number[] {
  return [property, ...values.map(({ column }) => column)];
}

/**
 * What a column of a pivot is used for; `undefined` for any other column. Names
 * that are no legal ids are written as such when the first rows have some, as
 * headers are.
 */
export function pivotUse(
  { property, values }: PivotColumns,
  column: number,
  cellsOf: (column: number) => string[],
  hasLanguageColumn: boolean,
): ColumnUse | undefined {
  if (column === property) {
    const isIllegal = (cell: string) => cell !== "" && !isPropertyId(cell);
    const illegal = cellsOf(column).some(isIllegal) ? "clean" : "reject";
    return { as: "pivotProperty", illegal };
  }
  const value = values.find((value) => value.column === column);
  if (!value) return undefined;
  const ofRow = hasLanguageColumn && values.length === 1 ? ROW_LANGUAGE : "";
  const language = value.language ?? ofRow;
  return { as: "pivotValue", language, emptyCell: "skip" };
}

/** "value" beside "text": which one is meant only a person knows, the first is as good. */
function isFirstOfItsLanguage(
  { language }: PivotColumns["values"][number],
  index: number,
  all: PivotColumns["values"],
): boolean {
  return all.findIndex((other) => other.language === language) === index;
}

/** A shop's number of an attribute is no name for a property. */
function isNumber(cell: string): boolean {
  return /^\d+$/.test(cell);
}
