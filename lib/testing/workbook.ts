import * as sheetJs from "@e965/xlsx";

type Entry = { content: Uint8Array };
/** SheetJS's own reader and writer of containers, which it does not type. */
const cfb = sheetJs.CFB as {
  utils: {
    cfb_new(options: { fileType: "zip" }): unknown;
    cfb_add(file: unknown, path: string, content: Uint8Array): void;
  };
  read(bytes: Uint8Array, options: { type: "buffer" }): unknown;
  find(file: unknown, path: string): Entry | null;
  write(
    file: unknown,
    options: { fileType: "zip"; type: "buffer"; compression: boolean },
  ): Uint8Array;
};

export type BookKind = "xlsx" | "xlsm" | "xlsb" | "xls" | "ods";

/** A workbook file with these sheets; `hidden` is 1 for hidden, 2 for very hidden. */
export function workbookFile(
  sheets: Record<string, sheetJs.WorkSheet>,
  kind: BookKind = "xlsx",
  hidden: Record<string, 0 | 1 | 2> = {},
): File {
  const workbook = sheetJs.utils.book_new();
  for (const [name, sheet] of Object.entries(sheets)) {
    sheetJs.utils.book_append_sheet(workbook, sheet, name);
  }
  workbook.Workbook = {
    Sheets: Object.keys(sheets).map((name) => ({
      name,
      Hidden: hidden[name] ?? 0,
    })),
  };
  const bytes = sheetJs.write(workbook, {
    bookType: kind === "xls" ? "biff8" : kind,
    type: "array",
    compression: true,
  }) as ArrayBuffer;
  return new File([bytes], `book.${kind}`);
}

export const sheetOf = (rows: unknown[][]): sheetJs.WorkSheet =>
  sheetJs.utils.aoa_to_sheet(rows);

/** Changes or adds a cell, such as its number format `z`. */
export function setCell(
  sheet: sheetJs.WorkSheet,
  place: string,
  change: Partial<sheetJs.CellObject>,
): void {
  const cell = sheet[place] as sheetJs.CellObject | undefined;
  sheet[place] = { ...(cell ?? { t: "s", v: "" }), ...change };
}

export function zipFile(files: Record<string, string | Uint8Array>): File {
  const zip = cfb.utils.cfb_new({ fileType: "zip" });
  for (const [path, content] of Object.entries(files)) {
    cfb.utils.cfb_add(zip, `/${path}`, Buffer.from(content));
  }
  return new File([zipBytes(zip)], "tables.zip");
}

/** The same file with one of its parts changed. */
export async function changePart(
  file: File,
  path: string,
  change: (text: string) => string,
): Promise<File> {
  const zip = cfb.read(Buffer.from(await file.arrayBuffer()), {
    type: "buffer",
  });
  const entry = cfb.find(zip, `/${path}`);
  if (!entry) throw new Error(`No ${path}.`);
  entry.content = Buffer.from(change(Buffer.from(entry.content).toString()));
  return new File([zipBytes(zip)], file.name);
}

function zipBytes(zip: unknown): Uint8Array<ArrayBuffer> {
  const written = cfb.write(zip, {
    fileType: "zip",
    type: "buffer",
    compression: true,
  });
  return new Uint8Array(written);
}
