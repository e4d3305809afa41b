import {
  isLinkHeader,
  looksLikeLink,
  readLinkCells,
  suggestLinkColumns,
  type LinkColumns,
  type LinkRow,
} from "./link-row";

/** A cell that ends like the name of a file: `chair.jpg`. */
const ENDS_IN_EXTENSION = /\.[a-z0-9]{2,5}$/i;

/**
 * Reads what somebody pasted: a link a line, or a small table of file name,
 * link and unique identifier, separated by tabs (as spreadsheets copy it),
 * commas or semicolons, with or without a line of column names. Without such a
 * line, what stands before the link is the file name and what stands after it
 * the identifier; a link that comes first is followed by file name, identifier.
 *
 * Commas within a link stay in it. Blank lines count as lines and give no row.
 */
export function parsePastedLinks(text: string): LinkRow[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ row: index + 1, line }))
    .filter(({ line }) => line.trim() !== "");
  const header = readHeader(lines[0]?.line ?? "");
  const rows = header ? lines.slice(1) : lines;
  return rows.flatMap(
    ({ row, line }) =>
      (header
        ? readLinkCells(
            row,
            fitCells(splitCells(line, header.separator), header),
            header.columns,
          )
        : readBareLine(row, line)) ?? [],
  );
}

type Header = { separator: string; columns: LinkColumns; width: number };

function readHeader(line: string): Header | undefined {
  for (const separator of ["\t", ";", ","]) {
    const cells = splitCells(line, separator);
    if (!isLinkHeader(cells)) continue;
    const columns = suggestLinkColumns(cells);
    return { separator, columns, width: cells.length };
  }
  return undefined;
}

/** A link with commas in it makes too many cells: what is too much belongs to the link. */
function fitCells(cells: string[], { separator, columns, width }: Header) {
  const extra = cells.length - width;
  const at = columns.link ?? 0;
  if (extra <= 0 || !looksLikeLink(cells[at] ?? "")) return cells;
  return [
    ...cells.slice(0, at),
    cells.slice(at, at + extra + 1).join(separator),
    ...cells.slice(at + extra + 1),
  ];
}

function readBareLine(row: number, line: string): LinkRow | undefined {
  const cells = bareCells(line);
  const at = cells.findIndex(looksLikeLink);
  if (at < 0) {
    // No link in it: the check says so, at the cell where one would stand.
    const columns =
      cells.length > 1
        ? { link: 1, filename: 0, uniqueIdentifier: 2 }
        : { link: 0, filename: null, uniqueIdentifier: null };
    return readLinkCells(row, cells, columns);
  }
  const order = [0, 1, 2].filter((column) => column !== at);
  return readLinkCells(row, cells, {
    link: at,
    filename: order[0] ?? null,
    uniqueIdentifier: order[1] ?? null,
  });
}

function bareCells(line: string): string[] {
  if (line.includes("\t")) return splitCells(line, "\t");
  const semicolons = splitCells(line, ";");
  if (semicolons.length > 1 && semicolons.length <= 3) {
    const isTable = semicolons.filter(looksLikeLink).length === 1;
    if (isTable && !semicolons.some((cell) => cell.includes("="))) {
      return semicolons;
    }
  }
  return commaCells(line);
}

/** Cells between commas, with the commas that belong to the link left in it. */
function commaCells(line: string): string[] {
  const cells = splitCells(line, ",");
  const at = cells.findIndex(looksLikeLink);
  if (at < 0 || cells.length === 1) return cells;
  const before = cells.slice(0, at);
  const own = cells.slice(at);
  if (isQuotedAnywhere(line)) return cells;

  const spaced = line.split(/,\s+/);
  if (spaced.length > 1) {
    // `name, link, identifier`: there a comma without a blank is no border.
    return spaced.map((cell) => cell.trim());
  }
  if (before.length > 0 && cells.length <= 3) return cells;
  return [...before, ...splitBehindLink(own)];
}

/** `link[,file name[,identifier]]` without blanks: a border only where the link already ends like a file. */
function splitBehindLink(cells: string[]): string[] {
  const [first = "", ...rest] = cells;
  const isPlain = rest.every((cell) => !/[/=?&]/.test(cell));
  return rest.length <= 2 && isPlain && ENDS_IN_EXTENSION.test(first)
    ? cells
    : [cells.join(",")];
}

function isQuotedAnywhere(line: string): boolean {
  return line.includes('"');
}

/** Splits one line; cells may stand in double quotes, in which `""` is a quote. */
function splitCells(line: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(line.slice(at));
    const behind = quoted ? line.charAt(at + quoted[0].length) : "";
    if (quoted && (behind === "" || behind === separator)) {
      cells.push((quoted[1] ?? "").replaceAll('""', '"'));
      at += quoted[0].length + 1;
      continue;
    }
    const end = line.indexOf(separator, at);
    cells.push(line.slice(at, end < 0 ? undefined : end).trim());
    if (end < 0) break;
    at = end + 1;
  }
  return cells;
}
