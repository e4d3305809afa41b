import { formatCount, formatNumber } from "@/lib/client/format-number";

/** Words of the parts of an import that know languages: language columns and rows that name their property. */
export const LANGUAGE_WORDS = {
  fromRow: "from the row",
  fromRowLong: "From the row’s language column",
  languageOf: (column: string) => `Language of ${column}`,
  emptyCellsOf: (column: string) => `Empty cells of ${column}`,
  noLanguage: "no language",
  rowLanguage: "Says the language of each row, such as sv or en-GB.",
  notCodes: (cells: readonly string[]) =>
    `${list(cells)} ${cells.length === 1 ? "is no language code" : "are no language codes"}. Say what ${cells.length === 1 ? "it means" : "they mean"}.`,
  translate: "Translate its cells",
  translated: (count: number) => `Translate its cells (${count} translated)`,
  meaningOf: (cell: string) => `Language meant by ${quoted(cell)}`,
  emptyCell: "empty cell",
  asItIs: "as it is",
  anotherCell: "Another cell",
  addCell: "Add",
  inSource: "in this source",
} as const;

export const PIVOT_WORDS = {
  names: "Each row fills the property that this cell names.",
  illegal: (column: string) => `Names of ${column} that are no legal ids`,
  reject: "Reject rows whose name is no legal id",
  clean: "Write names as legal ids",
  renamed: (count: number) =>
    `${count} ${count === 1 ? "name is" : "names are"} written as another property.`,
  forgetRenames: "Forget",
} as const;

function quoted(cell: string): string {
  return cell === "" ? "an empty cell" : `“${cell}”`;
}

function list(cells: readonly string[]): string {
  const [first = "", ...more] = cells.map(quoted);
  const last = more.pop();
  const text = last ? `${[first, ...more].join(", ")} and ${last}` : first;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Doubt = {
  id: string;
  language: string;
  looksLike: string;
  alike: number;
  looked: number;
  row: number;
};

export const COVERAGE_WORDS = {
  title: "Languages",
  none: "No property of this file has a language.",
  one: (language: string, properties: number) =>
    `${formatCount(properties, "property", "properties")} with a language, all in ${language}.`,
  several: (languages: number, properties: number) =>
    `${formatCount(properties, "property has", "properties have")} values in ${formatCount(languages, "language")}.`,
  chip: (filled: number) => formatCount(filled, "value"),
  noLanguage: "no language",
  table: "Values of each property in each language",
  property: "Property",
  show: "Show them by property",
  hide: "Hide them",
  withPlain: (count: number) =>
    `Also those without a language (${formatNumber(count)})`,
  withoutPlain: "Only those with a language",
  cleared: (count: number) => `${formatNumber(count)} cleared`,
  nothing: "no value",
  inSource: "in the source",
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  missing: (language: string, ids: readonly string[]) =>
    `The source has ${language} for ${some(ids)}, this file does not. What is stored stays as it is.`,
  doubt: ({ id, language, looksLike, alike, looked, row }: Doubt) =>
    `${id} in ${language} looks like ${looksLike} in ${formatNumber(alike)} of ${formatNumber(looked)} texts, for example in row ${formatNumber(row)}.`,
  doubtsMore: (count: number) =>
    `And ${formatCount(count, "more property", "more properties")} like this.`,
  advice: "Check the language of the column if this is not what you expect.",
} as const;

export const GUARD_WORDS = {
  title: "New properties",
  newSource: (count: number) =>
    `The source is empty: all ${formatCount(count, "property", "properties")} of this file are new to it.`,
  noneNew: (count: number) =>
    count === 1
      ? "The property of this file is known to the source."
      : `All ${formatNumber(count)} properties of this file are known to the source.`,
  fresh: (ids: readonly string[]) =>
    `${some(ids)} ${ids.length === 1 ? "is" : "are"} new to the source.`,
  decide: (count: number) =>
    `${formatCount(count, "new property looks", "new properties look")} like one that the source has.`,
  decideText:
    "A property is found again by its id: written differently, it is another property.",
  by: {
    case: "differs in upper and lower case",
    separators: "differs in - and _",
    both: "differs in case and in - and _",
    accents: "differs in how a letter with a mark is written",
    plural: "differs in singular and plural",
    language: "has a language in its name",
  },
  choose: (id: string, language: string) =>
    language === "" ? `Use ${id}` : `Use ${id} in ${language}`,
  chooseLong: (from: string, id: string, language: string) =>
    `Use ${id}${language === "" ? "" : ` in ${language}`} for ${from}`,
  keep: "Keep as new",
  keepLong: (id: string) => `Keep ${id} as a new property`,
  taken: (id: string) =>
    `Another column of this file fills ${id} already, so both cannot go there.`,
  more: (count: number) =>
    `Show ${formatCount(count, "more property", "more properties")}`,
  written: (count: number) =>
    `${formatCount(count, "name was", "names were")} written as legal ids:`,
  writtenCell: (cell: string) => `“${cell}”`,
  /** Between a cell and what it is written as, for screen readers. */
  becomes: "becomes",
} as const;

/** The first three names, and how many more there are. */
function some(ids: readonly string[]): string {
  const shown = ids.length > 4 ? ids.slice(0, 3) : ids;
  const more = ids.length - shown.length;
  const parts =
    more > 0 ? [...shown, `${formatNumber(more)} more`] : [...shown];
  const last = parts.pop() ?? "";
  return parts.length > 0 ? `${parts.join(", ")} and ${last}` : last;
}
