/**
 * `npm run bench`: every figure of docs/benchmarks.md, one JSON line each, its
 * reference measured in the same run. `npm run bench -- ingest` runs one group.
 * Figures, not tests: nothing here fails because a machine is slow.
 */
const BENCHES: Record<string, () => Promise<void>> = {
  ingest: async () => (await import("./ingest")).benchIngest(),
  browser: async () =>
    (await import("./browser-pipeline")).benchBrowserPipeline(),
  workbook: async () => (await import("./workbook")).benchWorkbook(),
  journey: async () => (await import("./journey")).benchJourney(),
  rows: async () => (await import("./rows-grid")).benchRowsGrid(),
  tus: async () => (await import("./tus")).benchTus(),
  forecast: async () => (await import("./forecast")).benchForecast(),
  entries: async () => (await import("./entries-page")).benchEntriesPage(),
  media: async () => {
    await (await import("./media-links")).benchMediaLinks();
    await (await import("./media-files")).benchMediaFiles();
  },
  undo: async () => (await import("./undo-cost")).benchUndoCost(),
  delivery: async () => (await import("./delivery")).benchDelivery(),
  proof: async () => (await import("./delivery-proof")).benchDeliveryProof(),
  refusals: async () => (await import("./refusal-timing")).benchRefusals(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  process.stderr.write(
    `There is no bench named ${unknown}. Choose from: ${Object.keys(BENCHES).join(", ")}.\n`,
  );
  process.exit(1);
}
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}

export {};
