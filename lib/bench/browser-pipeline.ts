import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium, type Browser } from "@playwright/test";
import { build } from "esbuild";

import type { BenchAnswer, BenchMode } from "./browser-pipeline.entry";
import { COLUMNS, writeTable } from "./browser-table";
import { median, printFigure } from "./figures";

const MODES: BenchMode[] = ["papa", "read", "pipeline", "check", "recheck"];
const LABELS: Record<BenchMode, string> = {
  papa: "bare Papa.parse(file, {chunk})",
  read: "our reader alone",
  pipeline: "pipeline to batch bytes",
  check: "check with all that it looks at",
  recheck: "the same with a recipe: measures and a hash an entry",
  verify: "pipeline, every value hashed",
};
const SYSTEM_CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const MEMORY_EVERY_MS = 50;

type Measured = BenchAnswer & {
  rendererPeakMb: number;
  longestTaskMs: number;
};

/**
 * The importer in Chromium, against bare `Papa.parse(file, {chunk})` in the same
 * browser on the same file, one after the other in each round. Prints one JSON
 * line a figure. `rows` and `rounds` come from BENCH_ROWS and BENCH_ROUNDS.
 */
export async function benchBrowserPipeline(): Promise<void> {
  const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
  const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
  const folder = await mkdtemp(join(tmpdir(), "bench-browser-"));
  const server = await servePage();
  const system = SYSTEM_CHROMIUM.find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(system ? { executablePath: system } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  try {
    const path = join(folder, "table.csv");
    const written = await writeTable(path, rows);
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const results = new Map<BenchMode, Measured[]>(
      MODES.map((mode) => [mode, []]),
    );
    for (let round = 0; round < rounds; round++) {
      for (const mode of MODES) {
        const measured = await measure(browser, url, path, mode);
        expectRows(measured, rows);
        results.get(mode)?.push(measured);
      }
    }
    const verified = await measure(browser, url, path, "verify");
    print(results, rows, written.bytes);
    printFigure("browser: every value exact by hash", {
      isExact: String(verified.hash === written.hash),
      hash: verified.hash,
    });
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function print(
  results: Map<BenchMode, Measured[]>,
  rows: number,
  bytes: number,
): void {
  const of = (mode: BenchMode, figure: (one: Measured) => number) =>
    (results.get(mode) ?? []).map(figure);
  const perSecond = (mode: BenchMode) =>
    of(mode, ({ ms }) => Math.round((rows / ms) * 1_000));
  const bare = perSecond("papa");

  for (const mode of MODES) {
    const peaks = of(mode, ({ rendererPeakMb }) => rendererPeakMb);
    printFigure(`browser: ${LABELS[mode]}`, {
      rowsPerSecond: Math.max(...perSecond(mode)),
      rounds: perSecond(mode).join(" "),
      rendererPeakMb: Math.max(...peaks),
      rows,
      columns: COLUMNS,
      fileBytes: bytes,
    });
  }
  const shares = perSecond("pipeline").map(
    (speed, round) => speed / (bare[round] ?? speed),
  );
  printFigure("browser: pipeline as a share of bare papaparse", {
    ofBests: Math.max(...perSecond("pipeline")) / Math.max(...bare),
    median: median(shares),
    rounds: shares.map(round2).join(" "),
    wanted: 0.45,
  });
  printFigure("browser: longest task of the page while the pipeline runs", {
    ms: Math.max(...of("pipeline", ({ longestTaskMs }) => longestTaskMs)),
    wantedAtMost: 50,
  });
  printFigure("browser: bytes of all batches", {
    bytes: Math.max(...of("pipeline", ({ bytesOut }) => bytesOut)),
  });
}

const round2 = (value: number) => Math.round(value * 100) / 100;

function expectRows({ rows }: BenchAnswer, wanted: number): void {
  if (rows !== wanted) throw new Error(`${rows} rows read of ${wanted}.`);
}

/** A renderer of its own for each run, so that none inherits another's memory. */
async function measure(
  browser: Browser,
  url: string,
  path: string,
  mode: BenchMode,
): Promise<Measured> {
  const before = new Set(rendererIds());
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.setInputFiles("input", path);
  let peakKb = 0;
  const watch = setInterval(() => {
    for (const id of rendererIds()) {
      if (!before.has(id)) peakKb = Math.max(peakKb, residentKb(id));
    }
  }, MEMORY_EVERY_MS);
  try {
    const answer = await page.evaluate(
      (mode) =>
        (
          globalThis as unknown as {
            bench(
              mode: string,
            ): Promise<BenchAnswer & { longestTaskMs: number }>;
          }
        ).bench(mode),
      mode,
    );
    return { ...answer, rendererPeakMb: Math.round(peakKb / 1_000) };
  } finally {
    clearInterval(watch);
    await context.close();
  }
}

/** Linux only: Chromium itself tells no resident size of a process. */
export function rendererIds(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((id) => Number.isInteger(id) && isRenderer(id));
}

function isRenderer(id: number): boolean {
  try {
    const line = readFileSync(`/proc/${id}/cmdline`, "utf8");
    return line.includes("--type=renderer");
  } catch {
    // The process ended meanwhile.
    return false;
  }
}

export function residentKb(id: number): number {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function servePage(): Promise<Server> {
  const entry = fileURLToPath(
    new URL("./browser-pipeline.entry.ts", import.meta.url),
  );
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2023",
  });
  const worker = outputFiles[0]?.text ?? "";
  const page = `<!doctype html><input type="file"><script>
    let longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        longestTaskMs = Math.max(longestTaskMs, Math.round(duration));
      }
    }).observe({ type: "longtask" });
    globalThis.bench = (mode) => new Promise((resolve, reject) => {
      longestTaskMs = 0;
      const file = document.querySelector("input").files[0];
      const worker = new Worker("/worker.js", { type: "module" });
      worker.onmessage = ({ data }) => resolve({ ...data, longestTaskMs });
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ file, mode });
    });
  </script>`;
  const server = createServer((request, response) => {
    const isWorker = request.url === "/worker.js";
    const type = isWorker ? "text/javascript" : "text/html";
    response.setHeader("content-type", `${type}; charset=utf-8`);
    response.end(isWorker ? worker : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return server;
}
