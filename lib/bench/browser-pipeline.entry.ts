import Papa from "papaparse";

import type { ColumnMapping } from "@/lib/domain/mapping";
import { createFileHasher } from "@/lib/importer/file-hash";
import { openTable } from "@/lib/importer/open-table";
import { readTable } from "@/lib/importer/read-table";
import { runImport } from "@/lib/importer/run-import";

import { createTextHash } from "./text-hash";

export type BenchMode = "papa" | "read" | "pipeline" | "verify";
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
  return pipeline(file, mode, headers, options);
}

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
  const mapping: ColumnMapping = {
    columns: headers.map((id, column) =>
      column === 0
        ? { as: "key", property: null }
        : { as: "property", id, language: "", emptyCell: "skip" },
    ),
    keySeparator: "-",
    repeatedKeys: "merge",
  };
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
