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
  translated: (count: number) =>
    `Translate its cells (${count} ${count === 1 ? "is" : "are"})`,
  meaningOf: (cell: string) => `Language meant by ${quoted(cell)}`,
  emptyCell: "empty cell",
  asItIs: "as it is",
  anotherCell: "Another cell",
  addCell: "Add",
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
