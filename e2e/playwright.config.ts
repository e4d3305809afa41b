import { existsSync } from "node:fs";

import { defineConfig, devices } from "@playwright/test";

const systemChromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => existsSync(path),
);

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/e2e",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: "../test-results/playwright.json" }],
  ],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env["STUDIO_URL"] ?? "http://localhost:3000",
    trace: "retain-on-failure",
    launchOptions: {
      ...(systemChromium ? { executablePath: systemChromium } : {}),
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic"],
        ...["--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync"],
        // The shared memory of containers is too small for big pages.
        "--disable-dev-shm-usage",
      ],
    },
  },
  projects: [
    { name: "first run", testMatch: "first-run.setup.ts" },
    {
      name: "journeys",
      testMatch: "*.spec.ts",
      dependencies: ["first run"],
    },
  ],
});
