import { TABLE_LIMITS } from "@/lib/domain/limits";

const count = (value: number) => value.toLocaleString("en");

/** Why a file, or what was read of it, is of no use: what it is, and what to do. */
export const FILE_REFUSALS = {
  unreadableNow:
    "The file cannot be read any more: it was changed, moved or deleted since it was chosen. Choose it again.",
  unknownEncoding: (encoding: string) =>
    `The encoding ${encoding} is not known here. Choose another.`,
  zip: "This is a workbook (or another zip file), not a CSV file. In Excel choose Save as, “CSV UTF-8”, and drop that file.",
  oldExcel:
    "This is an old Excel workbook, not a CSV file. In Excel choose Save as, “CSV UTF-8”, and drop that file.",
  pdf: "This is a PDF, not a CSV file. Export the table as CSV and drop that file.",
  gzip: "This is a gzip file, not a CSV file. Unpack it and drop what is inside.",
  picture: "This is a picture, not a CSV file. Drop a table saved as CSV.",
  richText:
    "This is a rich text document, not a CSV file. Save the table as CSV and drop that file.",
  binary:
    "This file holds binary data, not text. Drop a table saved as CSV or TSV.",
  cutOff:
    "This is a workbook or another zip file whose end is missing, as after a download that broke off. Fetch or save it again.",
  numbers:
    "This is an Apple Numbers document. In Numbers choose Export to, Excel, and drop that file.",
  textDocument:
    "This is a text document or a presentation, not a spreadsheet. Copy its table into a spreadsheet, and drop that file.",
  webPage:
    "This is a web page, not a spreadsheet, whatever its name says. Open it in a spreadsheet program, save it as XLSX or CSV, and drop that file.",
  xml: "This is XML, not a spreadsheet, whatever its name says. Open it in a spreadsheet program, save it as XLSX or CSV, and drop that file.",
  unreadable:
    "The file cannot be read. It may have been changed or moved; choose it again.",
  password:
    "The file is protected by a password. Save it without one, and drop it again.",
  notRead: (reason: string) =>
    `The file is not read, because ${reason}. Save the table again with a spreadsheet program, or as CSV, and drop that file.`,
  damaged:
    "The file is damaged: it ends too early or its contents do not fit together. Open it in a spreadsheet program, save it again, and drop that file.",
  workbookPassword:
    "The workbook is protected by a password. Save it without one, and drop it again.",
  zipWithoutTable:
    "The zip holds no table: no CSV, TSV or workbook was found in it. Drop a zip of such files, or the file itself.",
  noFile: "No file is open. Choose one.",
  keysUnread: "The keys of the file are not read.",
  empty: "The file is empty. Drop a file with a header and rows.",
  noText:
    "The file has no text, only blanks or a byte order mark. Drop a file with a header and rows.",
  nothingFilled:
    "The file has only empty cells where its table should begin. Remove the empty rows at the top, or choose another delimiter.",
  tooManyColumns: (row: number, columns: number) =>
    `Row ${row} has ${count(columns)} columns or more; at most ${count(TABLE_LIMITS.columnsMax)} can be imported. Check the delimiter, or split the table.`,
  ledgerUnread:
    "What the server keeps of this run could not be read. See that you are signed in and the server is there, then try again.",
  tooManyLinks: (max: string) =>
    `The file has more than ${max} rows of links. Split it, and submit one part after another.`,
  otherEncodingFrom: (encoding: string, row: number) =>
    `The file is not text in the encoding ${encoding}: bytes at or after row ${row} do not fit. Choose another encoding.`,
  brokenUtf8: (row: number) =>
    `Row ${row} holds bytes that are not UTF-8, though the rest of the file is. Correct that row and save the file as UTF-8, or choose another encoding.`,
  otherEncoding: (encoding: string) =>
    `The file is not text in the encoding ${encoding} from end to end. Check every row: that finds the encoding or names the broken row.`,
  rowsChanged: (row: number) =>
    `Rows from ${row} on are not what they were when the file was opened. Choose the file again.`,
  notUtf8: "The file is not UTF-8. Check it again before sending.",
  tooManyFiles: (files: number, max: number) =>
    `${files} files were dropped; at most ${max} can be imported as one table. Drop them in parts.`,
  tooManyParts: (parts: number, max: number) =>
    `${parts} sheets and files are chosen; at most ${max} can be imported as one table. Choose fewer.`,
  emptySheet: (sheet: string) =>
    `The sheet “${sheet}” has no cells. Choose another.`,
  batchRefused: (batch: number, status: number) =>
    `The server refused batch ${batch} (status ${status}). The batches before it are stored; look at the run for its state.`,
  unreachable: "The server cannot be reached.",
  answered: (status: number) => `The server answered with status ${status}.`,
  endlessRow: (row: number | undefined) =>
    `${row === undefined ? "One row" : `Row ${row}`} has more than 8 million characters: most likely a quote (") is opened there and never closed. Close it, or read quotes as ordinary text.`,
  nothingVisible: (hidden: number, names: string) =>
    `The workbook has no visible sheet with cells; hidden ${hidden === 1 ? "is" : "are"} ${names}. Show the sheet in the spreadsheet program, save, and drop the file again.`,
  nothingInWorkbook:
    "The workbook has no sheet with cells. Drop one with a header and rows.",
} as const;

/** Why a file is not read at all: the middle of `FILE_REFUSALS.notRead`. */
export const NOT_READ = {
  tooMuchText: "its cells hold more than a gigabyte of text",
  rowsOutOfOrder: "the rows of its sheet do not come in order",
  documentType:
    "it declares a document type, which can make a small file unfold without end",
  tooLargeInMemory: (bytes: number, max: number) =>
    `a workbook of this kind is held in memory as a whole, and it has ${(bytes / 1e6).toFixed(0)} MB unpacked; at most ${max / 1e6} MB are read`,
  tooManyTables: (tables: number, max: number) =>
    `the zip holds ${count(tables)} tables; at most ${max} are read at once`,
  sheetMissing: (name: string) => `its sheet “${name.slice(0, 80)}” is missing`,
  tooManyTexts: "its texts are more than fit into memory",
  partMissing: (path: string) => `“${path.slice(-80)}” is missing in it`,
  oddCell: (name: string) => `a cell in it is called “${name.slice(0, 30)}”`,
  tooManyParts: (parts: number, max: number) =>
    `it holds ${count(parts)} parts; at most ${count(max)} are read`,
  lyingSize: (path: string) => `“${path}” holds more than it says it does`,
  unpacksTo: (size: string, max: string) =>
    `it unpacks to ${size}; at most ${max} are read`,
  bomb: (packed: string, unpacked: string) =>
    `it unpacks from ${packed} to ${unpacked}, as files do that are made to exhaust a computer`,
  beyondSheet: (rows: string, columns: string) =>
    `a sheet has at most ${rows} rows and ${columns} columns, and a cell in it stands beyond them`,
} as const;
