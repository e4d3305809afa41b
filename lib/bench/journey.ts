import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Browser, type Page } from "@playwright/test";

import { rendererIds, residentKb } from "./browser-pipeline";
import { writeTable } from "./browser-table";
import { printFigure } from "./figures";
import { startStudio } from "./studio-process";
import { makeWorkbook } from "./workbook";

const SYSTEM_CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const MEMORY_EVERY_MS = 50;
const STEP_MS_MAX = 30 * 60_000;
const LIKE_AN_ADMIN = {
  name: "Bench",
  email: "bench@example.com",
  password: "a calm and quiet sea",
};

/**
 * A whole import as a person sees it: the built Studio, its pages in Chromium,
 * one large CSV from the drop to the last batch with the forecast before it, and
 * one workbook until its first rows are shown. BENCH_ROWS and BENCH_BOOK_ROWS
 * are the rows of the two; BENCH_SEND=no leaves the sending out.
 */
export async function benchJourney(): Promise<void> {
  const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
  const bookRows = Number(process.env.BENCH_BOOK_ROWS ?? 100_000);
  const folder = await mkdtemp(join(tmpdir(), "bench-journey-"));
  const system = SYSTEM_CHROMIUM.find((path) => existsSync(path));
  const studio = await startStudio();
  const browser = await chromium.launch({
    ...(system ? { executablePath: system } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  try {
    const table = join(folder, "table.csv");
    const book = join(folder, "book.xlsx");
    await writeTable(table, rows);
    await writeFile(
      book,
      new Uint8Array(await (await makeWorkbook(bookRows)).arrayBuffer()),
    );
    const signedIn = await browser.newContext({ baseURL: studio.url });
    await createAdmin(await signedIn.newPage());
    const state = await signedIn.storageState();
    await signedIn.close();

    for (const drive of [
      (page: Watched) => driveTable(page, table, rows),
      (page: Watched) => driveWorkbook(page, book, bookRows),
    ]) {
      const page = await openWatched(browser, studio.url, state);
      await drive(page).finally(page.close);
    }
  } finally {
    await browser.close();
    await studio.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Watched = {
  page: Page;
  /** Since the last call: seconds, most memory of the renderer, longest task of the page. */
  lap: () => Promise<{
    seconds: number;
    peakMb: number;
    longestTaskMs: number;
  }>;
  close: () => Promise<void>;
};

/** A page in a renderer of its own, whose memory and long tasks are watched. */
async function openWatched(
  browser: Browser,
  baseURL: string,
  storageState: Awaited<
    ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>
  >,
): Promise<Watched> {
  const before = new Set(rendererIds());
  const context = await browser.newContext({ baseURL, storageState });
  await context.addInitScript(() => {
    const page = globalThis as unknown as { longestTaskMs: number };
    page.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        page.longestTaskMs = Math.max(page.longestTaskMs, duration);
      }
    }).observe({ type: "longtask" });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS_MAX);
  let peakKb = 0;
  let begun = performance.now();
  const watch = setInterval(() => {
    for (const id of rendererIds()) {
      if (!before.has(id)) peakKb = Math.max(peakKb, residentKb(id));
    }
  }, MEMORY_EVERY_MS);
  return {
    page,
    async lap() {
      const seconds = (performance.now() - begun) / 1_000;
      const longestTaskMs = await page.evaluate(() => {
        const own = globalThis as unknown as { longestTaskMs: number };
        const longest = own.longestTaskMs;
        own.longestTaskMs = 0;
        return Math.round(longest);
      });
      const lap = { seconds, peakMb: Math.round(peakKb / 1_000) };
      peakKb = 0;
      begun = performance.now();
      return { ...lap, longestTaskMs };
    },
    async close() {
      clearInterval(watch);
      await context.close();
    },
  };
}

async function driveTable(
  { page, lap }: Watched,
  path: string,
  rows: number,
): Promise<void> {
  const facts = { rows, fileBytes: (await stat(path)).size };
  await createSource(page, "Table");
  await lap();
  await giveFile(page, path);
  await page.getByRole("heading", { name: "First rows" }).waitFor();
  printFigure("journey: dropped until the first rows are shown", await lap());
  await page.getByRole("button", { name: "Map the columns" }).click();
  const check = page.getByRole("button", { name: "Check every row" });
  await check.waitFor();
  await lap();
  await check.click();
  const send = page.getByRole("button", { name: /^Import [\d,]+ entr/ });
  await send.waitFor();
  const checked = await lap();
  printFigure("journey: every row checked", {
    ...checked,
    ...facts,
    rowsPerSecond: Math.round(rows / checked.seconds),
  });
  const start = page.getByRole("button", { name: "See what will change" });
  if (await start.isVisible()) await start.click();
  await page.getByRole("button", { name: "Show the changes" }).waitFor();
  const forecast = await lap();
  printFigure("journey: forecast", {
    ...forecast,
    rowsPerSecond: Math.round(rows / forecast.seconds),
  });
  if (process.env.BENCH_SEND === "no") return;
  await send.click();
  await page.getByText(/^This is what was forecast/).waitFor();
  const sent = await lap();
  printFigure("journey: imported", {
    ...sent,
    rowsPerSecond: Math.round(rows / sent.seconds),
    forecastShare: forecast.seconds / sent.seconds,
  });
}

async function driveWorkbook(
  { page, lap }: Watched,
  path: string,
  rows: number,
): Promise<void> {
  await createSource(page, "Workbook");
  await lap();
  await giveFile(page, path);
  await page.getByRole("heading", { name: "First rows" }).waitFor();
  printFigure("journey: workbook until its first rows are shown", {
    ...(await lap()),
    ...{ rows, fileBytes: (await stat(path)).size },
  });
}

async function createAdmin(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Your name").fill(LIKE_AN_ADMIN.name);
  await page.getByLabel("E-mail address").fill(LIKE_AN_ADMIN.email);
  await page.getByLabel(/^Password/).fill(LIKE_AN_ADMIN.password);
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.waitForURL(/\/sources$/);
}

async function createSource(page: Page, name: string): Promise<void> {
  await page.goto("/sources/new");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create source" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}/);
  const id = page.url().split("/").at(-1) ?? "";
  await page.goto(`/sources/${id}/import`);
}

async function giveFile(page: Page, path: string): Promise<void> {
  const input = page.getByLabel("Spreadsheet", { exact: true });
  // Not before React has taken the page over.
  await page.waitForFunction(() => {
    const found = document.querySelector("input[type=file]");
    return found && Object.keys(found).some((key) => key.startsWith("__react"));
  });
  await input.setInputFiles(path);
}
