/** A media link as somebody listed it: one line of a paste, or one row of a spreadsheet. */
export type LinkRow = {
  /** The line or row it stands in, from 1. */
  row: number;
  link: string;
  /** Empty when the list gives none: then it is made of the link. */
  filename: string;
  /** Empty when the file is to have none. */
  uniqueIdentifier: string;
};

export type LinkField = "link" | "filename" | "uniqueIdentifier";

/** Which column holds what, by position from 0. */
export type LinkColumns = {
  link: number | null;
  filename: number | null;
  uniqueIdentifier: number | null;
};

/** Rows that one submission may hold; more are a catalogue to be sent in parts. */
export const LINK_ROWS_MAX = 10_000;

const NAMES: Record<LinkField, readonly string[]> = {
  link: [
    ...["link", "url", "href", "src", "medialink", "mediaurl", "imageurl"],
    ...["imagelink", "sourceurl", "downloadurl", "fileurl", "publicurl"],
    ...["address", "links", "image", "picture", "bildurl", "bild", "länk"],
  ],
  filename: [
    ...["filename", "file", "name", "medianame", "imagename", "assetname"],
    ...["filnamn", "dateiname", "datei", "title"],
  ],
  uniqueIdentifier: [
    ...["uniqueidentifier", "identifier", "uniqueid", "mediaid", "assetid"],
    ...["imageid", "externalid", "id", "key", "code", "sku"],
  ],
};

/** Whether a cell is meant as a link, right or wrong: it begins like a web address. */
export function looksLikeLink(cell: string): boolean {
  return /^\s*["'<]?(?:[a-z][a-z0-9+.-]*:\/\/|www\.)/i.test(cell);
}

/**
 * Which columns a table of links has: by their names, and the link also by what
 * stands in the cells, where the names do not tell.
 */
export function suggestLinkColumns(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[] = [],
): LinkColumns {
  const names = headers.map(plainName);
  const taken = new Set<number>();
  const find = (field: LinkField): number | null => {
    for (const wanted of NAMES[field]) {
      const at = names.findIndex(
        (name, column) => name === wanted && !taken.has(column),
      );
      if (at < 0) continue;
      taken.add(at);
      return at;
    }
    return null;
  };
  const link = findLinkColumn(headers.length, sampleRows) ?? find("link");
  if (link !== null) taken.add(link);
  return {
    link,
    filename: find("filename"),
    uniqueIdentifier: find("uniqueIdentifier"),
  };
}

/** Whether a row names columns rather than holding a link. */
export function isLinkHeader(cells: readonly string[]): boolean {
  if (cells.some(looksLikeLink)) return false;
  const known = new Set(Object.values(NAMES).flat());
  const filled = cells.map(plainName).filter((name) => name !== "");
  return (
    filled.length > 0 &&
    filled.every((name) => known.has(name)) &&
    filled.some((name) => NAMES.link.includes(name))
  );
}

/** One row of a table as a link row, cells trimmed; `undefined` when all of its cells are blank. */
export function readLinkCells(
  row: number,
  cells: readonly string[],
  columns: LinkColumns,
): LinkRow | undefined {
  const cell = (at: number | null) =>
    at === null ? "" : (cells[at] ?? "").trim();
  const link = cell(columns.link);
  const filename = cell(columns.filename);
  const uniqueIdentifier = cell(columns.uniqueIdentifier);
  if (link === "" && filename === "" && uniqueIdentifier === "")
    return undefined;
  return { row, link, filename, uniqueIdentifier };
}

/** The column that holds links in most of the sample rows, if there is one. */
function findLinkColumn(
  width: number,
  rows: readonly (readonly string[])[],
): number | null {
  const counts = Array.from(
    { length: width },
    (_, column) =>
      rows.filter((row) => looksLikeLink(row[column] ?? "")).length,
  );
  const most = Math.max(0, ...counts);
  return most > 0 && most * 2 >= rows.length ? counts.indexOf(most) : null;
}

function plainName(header: string): string {
  return header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
