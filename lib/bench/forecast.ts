import type { ForecastAnswer } from "@/lib/domain/forecast";
import type { RunInput, TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { MergeCounts } from "@/lib/domain/merge";
import type { TableBatch } from "@/lib/domain/table-batch";
import { createForecastStore } from "@/lib/importer/forecast-store";
import { runImport } from "@/lib/importer/run-import";
import type { Context } from "@/lib/server/context";
import { forecastTableBatch } from "@/lib/server/forecasts/service";
import { startRun, submitBatch } from "@/lib/server/imports/service";
import { createSource } from "@/lib/server/sources/service";

import { openBenchTenant } from "./bench-tenant";
import { makeProduct } from "./catalogue";
import { printFigure } from "./figures";

const ROWS = Number(process.env.BENCH_FORECAST_ROWS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_FORECAST_ROUNDS ?? 3);
/** As the worker of the import page has. */
const IN_FLIGHT = 3;

const OPTIONS: TableOptions = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
  quotes: "standard",
};

type Pass = { ms: number; counts: MergeCounts };
type File = {
  csv: Blob;
  headers: string[];
  mapping: ColumnMapping;
};

/**
 * A forecast against the import of the same file in the same run: read, map,
 * pack, ask or apply. First into an empty source, then a file that changes a
 * tenth of the entries, then the same file again. Over the services, so that
 * both sides do without HTTP and the browser.
 */
export async function benchForecast(): Promise<void> {
  const { ctx: command, close } = await openBenchTenant();
  try {
    const actor = {
      ...({ type: "user", role: "editor" } as const),
      ...{ id: crypto.randomUUID(), name: "bench" },
    };
    const ctx: Context = { ...command, actor };
    for (let round = 1; round <= ROUNDS; round += 1) {
      await benchRound(ctx, round);
    }
  } finally {
    await close();
  }
}

async function benchRound(ctx: Context, round: number): Promise<void> {
  const { id: sourceId } = await createSource(ctx, {
    ...{ identifier: `bench-${round}`, name: `bench ${round}` },
    ...{ originSystem: "", description: "" },
  });
  const files: [name: string, file: File][] = [
    ["new source", makeFile("")],
    ["a tenth of the entries changed", makeFile(" (changed)")],
    ["the same again", makeFile(" (changed)")],
  ];
  for (const [name, file] of files) {
    const forecast = await forecastFile(ctx, sourceId, file);
    const imported = await importFile(ctx, sourceId, file);
    if (JSON.stringify(forecast.counts) !== JSON.stringify(imported.counts)) {
      throw new Error("The import did something else than was forecast.");
    }
    printFigure(`forecast, ${name}`, {
      round,
      rows: ROWS,
      forecastSeconds: forecast.ms / 1_000,
      importSeconds: imported.ms / 1_000,
      ratio: forecast.ms / imported.ms,
    });
  }
}

async function forecastFile(
  ctx: Context,
  sourceId: string,
  file: File,
): Promise<Pass> {
  const forecastId = crypto.randomUUID();
  const store = createForecastStore();
  const ms = await timed(file, async (batch, body, sequence) => {
    const bytes = new TextEncoder().encode(body);
    const answer = await forecastTableBatch(ctx, {
      ...{ sourceId, forecastId, sequence, bytes },
    });
    // As it would travel.
    store.add(
      batch,
      JSON.parse(JSON.stringify(answer)) as ForecastAnswer,
      body,
    );
  });
  return { ms, counts: store.counts() };
}

async function importFile(
  ctx: Context,
  sourceId: string,
  file: File,
): Promise<Pass> {
  const tabId = crypto.randomUUID();
  const batches = Math.ceil(ROWS / 1_000);
  const run = await startRun(ctx, runInput(sourceId, file, batches, tabId));
  const counts = { created: 0, updated: 0, unchanged: 0, deleted: 0 };
  const ms = await timed(file, async (_, body, sequence) => {
    const bytes = new TextEncoder().encode(body);
    const receipt = await submitBatch(ctx, {
      ...{ runId: run.id, sequence, bytes, tabId },
    });
    for (const name of ["created", "updated", "unchanged", "deleted"] as const)
      counts[name] += receipt[name];
  });
  return { ms, counts };
}

/** Milliseconds of a whole pass over the file, batches on their way beside each other. */
async function timed(
  { csv, headers, mapping }: File,
  send: (batch: TableBatch, body: string, sequence: number) => Promise<void>,
): Promise<number> {
  const begun = performance.now();
  const onTheWay = new Set<Promise<void>>();
  await runImport({
    ...{ file: csv, options: OPTIONS, mapping, headers },
    onBatch: async (batch, sequence) => {
      while (onTheWay.size >= IN_FLIGHT) await Promise.race(onTheWay);
      const job = send(batch, JSON.stringify(batch), sequence).finally(() =>
        onTheWay.delete(job),
      );
      onTheWay.add(job);
    },
  });
  await Promise.all(onTheWay);
  return performance.now() - begun;
}

/** A catalogue of about 20 filled columns; `mark` is put behind the prices of every tenth product. */
function makeFile(mark: string): File {
  const names = makeProduct(0).properties.map(
    ({ id, language }) => [id, language ?? ""] as const,
  );
  const lines: string[] = [];
  for (let number = 0; number < ROWS; number += 1) {
    const { key, properties } = makeProduct(number);
    const cells = names.map(([id, language]) => {
      const found = properties.find(
        (property) =>
          property.id === id && (property.language ?? "") === language,
      );
      const isMarked = number % 10 === 0 && id === "price";
      return `${found?.value ?? ""}${isMarked ? mark : ""}`;
    });
    lines.push([key, ...cells.map((cell) => `"${cell}"`)].join(","));
  }
  const headers = ["key", ...names.map(([id, language]) => `${id}${language}`)];
  return {
    csv: new Blob([headers.join(","), "\n", lines.join("\n")]),
    headers,
    mapping: {
      columns: [
        { as: "key", property: null },
        ...names.map(([id, language]) => ({
          ...{ as: "property" as const, id, language },
          emptyCell: "skip" as const,
        })),
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
  };
}

function runInput(
  sourceId: string,
  { csv, headers, mapping }: File,
  batches: number,
  tabId: string,
): RunInput {
  return {
    ...{ sourceId, headers, mapping, tabId, tableOptions: OPTIONS },
    file: { name: "catalogue.csv", bytes: csv.size, hash: "bench" },
    check: {
      ...{ rowsRead: ROWS, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: ROWS, deletes: 0, batches, issues: [], needsOrder: false },
    },
  };
}
