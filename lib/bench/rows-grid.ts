import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium, type Page } from "@playwright/test";
import tailwind from "@tailwindcss/postcss";
import { build } from "esbuild";
import postcss from "postcss";

import { rendererIds, residentKb } from "./browser-pipeline";
import { writeTable } from "./browser-table";
import { median, printFigure, quantile } from "./figures";
import type { RowsBench } from "./rows-grid.entry";

const SYSTEM_CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const MEMORY_EVERY_MS = 50;
const FRAMES = 600;

/**
 * The grid of all rows in Chromium, as the import page draws it: indexing, a
 * look through the file, and the lengths of frames while it scrolls.
 */
export async function benchRowsGrid(): Promise<void> {
  const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), "bench-rows-"));
  const server = await servePage();
  const system = SYSTEM_CHROMIUM.find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(system ? { executablePath: system } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  let peakKb = 0;
  try {
    const path = join(folder, "table.csv");
    const { bytes } = await writeTable(path, rows);
    const before = new Set(rendererIds());
    const page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://localhost:${port}/`);
    await page.setInputFiles("input", path);
    const watch = setInterval(() => {
      for (const id of rendererIds()) {
        if (!before.has(id)) peakKb = Math.max(peakKb, residentKb(id));
      }
    }, MEMORY_EVERY_MS);
    const peak = (until: string) =>
      printFigure(`rows: renderer peak until ${until}`, {
        mb: Math.round(peakKb / 1_000),
      });
    await measure(page, bytes, peak);
    clearInterval(watch);
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  page: Page,
  fileBytes: number,
  peak: (until: string) => void,
): Promise<void> {
  const opened = await page.evaluate(() => benchOf().open());
  printFigure("rows: index of the whole file", {
    ms: Math.round(opened.ms),
    readAloneMs: Math.round(opened.readAllMs),
    ...{ rows: opened.rows, fileBytes },
  });
  peak("the file was read alone and indexed");
  await page.getByRole("grid").waitFor();
  await page.evaluate(() => benchOf().jumps(3));
  for (const kind of ["smooth", "drag", "keys"] as const) {
    const lengths = await page.evaluate(
      ([kind, count]) => benchOf().frames(kind, count),
      [kind, FRAMES] as const,
    );
    printFigure(`rows: frames while scrolling, ${kind}`, {
      medianMs: median(lengths),
      p95Ms: quantile(lengths, 0.95),
      longestMs: Math.max(...lengths),
      over50Ms: lengths.filter((ms) => ms > 50).length,
      frames: lengths.length,
    });
  }
  const jumps = await page.evaluate(() => benchOf().jumps(100));
  printFigure("rows: from a jump to the rows on screen", {
    medianMs: median(jumps),
    p95Ms: quantile(jumps, 0.95),
  });
  peak("the last jump");
  const look = await page.evaluate(() => benchOf().look());
  printFigure("rows: all rows of one value found", {
    ms: Math.round(look.ms),
    rows: look.rows,
  });
  peak("the look through the file");
}

/** In the page. */
declare function benchOf(): RowsBench;

async function servePage(): Promise<Server> {
  const [page, worker, css] = await Promise.all([
    bundle("./rows-grid.entry.tsx"),
    bundle("./rows-grid.worker.ts"),
    styles(),
  ]);
  const files: Record<string, [type: string, text: string]> = {
    "/page.js": ["text/javascript", page],
    "/worker.js": ["text/javascript", worker],
    "/page.css": ["text/css", css],
  };
  const html = `<!doctype html><html lang="en"><link rel="stylesheet" href="/page.css">
    <body style="padding:20px"><input type="file"><main></main>
    <script>globalThis.benchOf = () => globalThis.bench</script>
    <script type="module" src="/page.js"></script>`;
  const server = createServer((request, response) => {
    const [type, text] = files[request.url ?? ""] ?? ["text/html", html];
    response.setHeader("content-type", `${type}; charset=utf-8`);
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return server;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    ...{ bundle: true, minify: true, write: false, format: "esm" },
    ...{ target: "es2023", jsx: "automatic" },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0]?.text ?? "";
}

/** As the Studio's own pages have them: the frames are to cost what they cost there. */
async function styles(): Promise<string> {
  const from = fileURLToPath(new URL("../../app/globals.css", import.meta.url));
  const { css } = await postcss([tailwind()]).process(
    readFileSync(from, "utf8"),
    { from },
  );
  return css;
}
