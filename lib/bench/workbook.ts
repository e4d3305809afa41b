import { openWithSheetJs } from "@/lib/importer/sheetjs-book";
import { openInput } from "@/lib/importer/table-input";
import { openXlsx } from "@/lib/importer/xlsx-book";
import { readZipDirectory } from "@/lib/importer/zip-directory";

import { median, printFigure } from "./figures";

const COLUMNS = 20;

type Measured = { ms: number; cells: number };

/**
 * A workbook of 100,000 rows by 20 columns, read by our own reader and by
 * SheetJS one after the other in each round, both to rows of text. Prints one
 * JSON line a figure. `rows` and `rounds` come from BENCH_ROWS and BENCH_ROUNDS.
 */
export async function benchWorkbook(): Promise<void> {
  const rows = Number(process.env.BENCH_ROWS ?? 100_000);
  const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
  const sheetJs = await import("@e965/xlsx");
  const file = await makeWorkbook(rows);
  const tools = { loadSheetJs: () => Promise.resolve(sheetJs), onAlive() {} };

  const readers = {
    "our reader": () => readOwn(file),
    SheetJS: () => readWithSheetJs(file, sheetJs),
    "our reader, to the table of the importer": async () => {
      const { table } = await openInput([file], {}, tools);
      return table.size;
    },
  };
  const times = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(readers)) {
      const { ms, cells } = await time(read);
      times.set(name, [...(times.get(name) ?? []), ms]);
      sizes.set(name, cells);
    }
  }
  const reference = times.get("SheetJS") ?? [];
  for (const [name, own] of times) {
    printFigure(`workbook: ${name}`, {
      medianMs: Math.round(median(own)),
      rounds: own.map(Math.round).join(" "),
      shareOfSheetJs: Number(
        median(own.map((ms, round) => ms / (reference[round] ?? ms))).toFixed(
          3,
        ),
      ),
      ...(name === "our reader" ? { wantedAtMost: 0.25 } : {}),
      rows,
      columns: COLUMNS,
      fileBytes: file.size,
    });
  }
  printFigure("workbook: both readers give the same cells", {
    isSame: String(sizes.get("our reader") === sizes.get("SheetJS")),
  });
}

async function time(read: () => Promise<number>): Promise<Measured> {
  globalThis.gc?.();
  const started = performance.now();
  const cells = await read();
  return { ms: performance.now() - started, cells };
}

/** A number that differs when a cell does. */
function createSum() {
  let sum = 0;
  return {
    row(rowNumber: number, cells: readonly string[]) {
      for (const [column, cell] of cells.entries()) {
        sum = (sum * 31 + cell.length * (column + 1) + rowNumber) % 1e12;
      }
    },
    result: () => sum,
  };
}

async function readOwn(file: Blob): Promise<number> {
  const zip = await readZipDirectory(file);
  if (!zip) throw new Error("No zip.");
  const book = await openXlsx(zip, () =>
    Promise.reject(new Error("No dates.")),
  );
  const sum = createSum();
  for (const sheet of book.sheets) {
    await book.readSheet(sheet, (rowNumber, cells) =>
      sum.row(rowNumber, cells),
    );
  }
  return sum.result();
}

async function readWithSheetJs(
  file: Blob,
  sheetJs: typeof import("@e965/xlsx"),
): Promise<number> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const book = openWithSheetJs(sheetJs, bytes);
  const sum = createSum();
  for (const index of book.sheets.keys()) {
    book.readSheet(index, (rowNumber, cells) => sum.row(rowNumber, cells));
  }
  return sum.result();
}

/** Product-like: a key, numbers, and texts of which some repeat, in a table of shared strings. */
export async function makeWorkbook(rows: number): Promise<File> {
  const { ZipWriter, BlobWriter, TextReader } = await import("@zip.js/zip.js");
  const strings = new Map<string, number>();
  const stringOf = (text: string) => {
    const known = strings.get(text) ?? strings.size;
    strings.set(text, known);
    return known;
  };
  const letters = Array.from({ length: COLUMNS }, (_, i) =>
    String.fromCharCode(65 + i),
  );
  const sheet: string[] = [];
  for (let row = 1; row <= rows; row++) {
    const cells = letters.map((letter, column) => {
      const value = row === 1 ? `p${column}` : valueOf(row, column);
      return typeof value === "number"
        ? `<c r="${letter}${row}" s="1"><v>${value}</v></c>`
        : value === ""
          ? ""
          : `<c r="${letter}${row}" s="1" t="s"><v>${stringOf(value)}</v></c>`;
    });
    sheet.push(`<row r="${row}" spans="1:20">${cells.join("")}</row>`);
  }
  const shared = [...strings.keys()].map((text) => `<si><t>${text}</t></si>`);
  const main =
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="r${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (...all: string[]) =>
    `<Relationships xmlns="${packaged}/relationships">${all.join("")}</Relationships>`;
  const parts: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
    "_rels/.rels": relations(relation(1, "officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": relations(
      relation(1, "worksheet", "worksheets/sheet1.xml"),
      relation(2, "sharedStrings", "sharedStrings.xml"),
      relation(3, "styles", "styles.xml"),
    ),
    "xl/workbook.xml": `<workbook ${main} xmlns:r="${office}"><sheets><sheet name="Products" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/styles.xml": `<styleSheet ${main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="0"/></cellXfs></styleSheet>`,
    "xl/sharedStrings.xml": `<sst ${main}>${shared.join("")}</sst>`,
    "xl/worksheets/sheet1.xml": `<worksheet ${main}><sheetData>${sheet.join("")}</sheetData></worksheet>`,
  };
  const writer = new ZipWriter(new BlobWriter());
  for (const [path, text] of Object.entries(parts)) {
    await writer.add(path, new TextReader(text));
  }
  return new File([await writer.close()], "bench.xlsx");
}

function valueOf(row: number, column: number): string | number {
  if (column === 0) return `SKU-${row}`;
  switch (column % 10) {
    case 1:
    case 2:
      return `Modern chair of solid oak, number ${(row * 7 + column) % 60_000}`;
    case 3:
    case 4:
      return `grön ljus ${(row * column) % 500}`;
    case 5:
      return 4_000_000_000_000 + row * 97 + column;
    case 6:
      return ((row * 37) % 100_000) / 100;
    case 7:
      return row % 2 === 0 ? "" : "true";
    default:
      return `code${(row * 31 + column) % 900_000}`;
  }
}
