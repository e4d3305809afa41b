import Papa from "papaparse";

import type { ColumnMapping } from "@/lib/domain/mapping";
import { checkFile } from "@/lib/importer/check-file";
import { createFileHasher } from "@/lib/importer/file-hash";
import { openTable } from "@/lib/importer/open-table";
import { readTable } from "@/lib/importer/read-table";
import { runImport } from "@/lib/importer/run-import";

import { createTextHash } from "./text-hash";

export type BenchMode =
  "papa" | "read" | "pipeline" | "check" | "recheck" | "verify";
export type BenchAnswer = {
  rows: number;
  ms: number;
  bytesOut: number;
  hash: string;
};

const encoder = new TextEncoder();

self.onmessage = async ({
  data,
}: MessageEvent<{ file: File; mode: BenchMode }>) => {
  const started = performance.now();
  const answer = await run(data.file, data.mode);
  const ms = performance.now() - started;
  self.postMessage({ ...answer, ms } satisfies BenchAnswer);
};

async function run(
  file: File,
  mode: BenchMode,
): Promise<Omit<BenchAnswer, "ms">> {
  if (mode === "papa") {
    return { rows: await parseBare(file), bytesOut: 0, hash: "" };
  }
  const { headers, options } = await openTable(file);
  if (mode === "read") {
    let rows = -1;
    for await (const chunk of readTable(file, options)) {
      rows += chunk.rows.length;
    }
    return { rows, bytesOut: 0, hash: "" };
  }
  if (mode === "check" || mode === "recheck") {
    const mapping = checkMapping(headers, mode === "recheck");
    const { report } = await checkFile({ file, options, mapping });
    return { rows: report.rowsRead, bytesOut: 0, hash: "" };
  }
  return pipeline(file, mode, headers, options);
}

/** Six texts have a language, so that the check has languages to look at. */
function checkMapping(
  headers: readonly string[],
  hasRecipe: boolean,
): ColumnMapping {
  const plain = plainMapping(headers);
  return {
    ...plain,
    columns: plain.columns.map((use, column) =>
      use.as === "property" && [1, 2, 3].includes(column % 10)
        ? { ...use, language: LANGUAGES[column % 10] ?? "" }
        : use,
    ),
    ...(hasRecipe && { recipe: { id: RECIPE_ID } }),
  };
}
const LANGUAGES = ["", "sv", "de", "en"];
const RECIPE_ID = "00000000-0000-4000-8000-000000000000";

function parseBare(file: File): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = -1;
    Papa.parse(file, {
      chunk: ({ data }) => {
        rows += data.length;
      },
      // The last line break makes Papa see one more row.
      complete: () => resolve(rows - 1),
      error: reject,
    });
  });
}

/** What the product does with a file: read, map, check, pack, encode; the file's own hash as well. */
async function pipeline(
  file: File,
  mode: BenchMode,
  headers: string[],
  options: Parameters<typeof runImport>[0]["options"],
): Promise<Omit<BenchAnswer, "ms">> {
  const mapping = plainMapping(headers);
  const values = createTextHash();
  const hasher = createFileHasher();
  let bytesOut = 0;
  const { report } = await runImport({
    file,
    options,
    headers,
    mapping,
    onSlice: (slice) => hasher.add(slice),
    onBatch: (batch) => {
      const body = encoder.encode(JSON.stringify(batch));
      bytesOut += body.length;
      if (mode === "verify") hashBody(body, values.add);
    },
  });
  await hasher.finish();
  return { rows: report.rowsRead, bytesOut, hash: values.finish() };
}

function plainMapping(headers: readonly string[]): ColumnMapping {
  return {
    columns: headers.map((id, column) =>
      column === 0
        ? { as: "key", property: null }
        : { as: "property", id, language: "", emptyCell: "skip" },
    ),
    keySeparator: "-",
    repeatedKeys: "merge",
  };
}

function hashBody(body: Uint8Array, add: (text: string) => void): void {
  const { columns, rows } = JSON.parse(new TextDecoder().decode(body)) as {
    columns: [string, string][];
    rows: [string, number, ...(string | 0)[]][];
  };
  const slots = columns.map(([id]) => Number(id.slice(1)));
  for (const [key, , ...cells] of rows) {
    add(key);
    const values = slots.map(() => "");
    for (const [index, cell] of cells.entries()) {
      if (cell !== 0) values[(slots[index] ?? 0) - 1] = cell;
    }
    values.forEach(add);
  }
}
