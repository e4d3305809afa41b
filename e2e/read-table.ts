import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { ColumnMapping } from "@/lib/domain/mapping";

/** Path of a shared sample file. Says so when the folder is not there. */
export function sampleFile(name: string): string {
  const path = fileURLToPath(
    new URL(`../../shared/data/${name}`, import.meta.url),
  );
  if (!existsSync(path)) {
    throw new Error(
      `../shared/data/${name} is missing: the sample files lie beside the project.`,
    );
  }
  return path;
}

/** A reading of a delimited file that shares no code with the product. */
export function readTable(path: string, delimiter: string): string[][] {
  const text = readFileSync(path, "utf8");
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === "") isQuoted = true;
    else if (char === delimiter) {
      row.push(cell);
      cell = "";
    } else if (char === "\n") {
      rows.push([...row, cell.replace(/\r$/, "")]);
      row = [];
      cell = "";
    } else cell += char;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

export type StoredEntry = { key: string; properties: Record<string, string> };

/** The entries that the rows below the header make, by the plain rules of a mapping; bad keys are left out. */
export function expectedEntries(
  rows: string[][],
  mapping: ColumnMapping,
  into: Map<string, Map<string, string>> = new Map(),
): Map<string, Map<string, string>> {
  const languageColumn = mapping.columns.findIndex(
    ({ as }) => as === "language",
  );
  for (const row of rows.slice(1)) {
    const key = mapping.columns
      .flatMap(({ as }, i) => (as === "key" ? [row[i] ?? ""] : []))
      .join(mapping.keySeparator);
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(key)) continue;
    const entry = into.get(key) ?? new Map<string, string>();
    into.set(key, entry);
    mapping.columns.forEach((use, i) => {
      const value = row[i] ?? "";
      if (use.as !== "property" || value === "") return;
      const language =
        use.language === "*" ? (row[languageColumn] ?? "") : use.language;
      entry.set(`${use.id}:${language}`, value);
    });
  }
  return into;
}

/** In the shape of the stored rows, by key in byte order. */
export function asStored(
  entries: Map<string, Map<string, string>>,
): StoredEntry[] {
  return [...entries]
    .map(([key, values]) => ({ key, properties: Object.fromEntries(values) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
