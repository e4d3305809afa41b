// `npm run verify`: everything that must hold before a change is taken. Ends
// with one line `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { buildStudio } from "./build.mjs";
import { installChromium } from "./chromium.mjs";
import { installPackages, requireNode } from "./install.mjs";

const VITEST_REPORT = "test-results/vitest.json";
const PLAYWRIGHT_REPORT = "test-results/playwright.json";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const total = { passed: 0, failed: 0 };
// Whatever ends the program, its last line says how it went.
process.once("exit", (code) => {
  if (code !== 0 && total.failed === 0) total.failed = 1;
  console.log(`${total.passed} passed, ${total.failed} failed`);
});

requireNode();
installPackages({ needsDev: true });
await installChromium();

check("Format", "prettier/bin/prettier.cjs", "--check", ".");
// Lint reads types, also those that Next writes.
check("Types of routes", "next/dist/bin/next", "typegen");
check("Lint", "eslint/bin/eslint.js", ".");
check("Types", "typescript/bin/tsc", "--noEmit");

count("Unit, store and route tests", VITEST_REPORT, readVitest, [
  ...["node_modules/vitest/vitest.mjs", "run"],
  ...["--config", "lib/testing/vitest.config.ts"],
  ...["--reporter=default", "--reporter=json"],
  `--outputFile.json=${VITEST_REPORT}`,
]);
title("Build");
buildStudio();
count("End-to-end tests", PLAYWRIGHT_REPORT, readPlaywright, [
  "lib/cli/e2e.mjs",
]);
process.exit(total.failed > 0 ? 1 : 0);

function check(name, program, ...args) {
  title(name);
  if (node([`node_modules/${program}`, ...args]) === 0) return;
  total.failed += 1;
  process.exit(1);
}

function count(name, report, read, args) {
  title(name);
  rmSync(report, { force: true });
  const status = node(args);
  const { passed, failed } = readReport(report, read);
  total.passed += passed;
  // A run may also fail outside its tests, or before it could report.
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
}

function title(name) {
  console.log(`\n== ${name}`);
}

function node(args) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  return spawnSync(process.execPath, args, { stdio: "inherit", env }).status;
}

function readReport(path, read) {
  try {
    return read(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function readVitest({ numPassedTests, numFailedTests, testResults }) {
  // A file that cannot be loaded has no tests, but it has failed.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" &&
      !assertionResults.some((result) => result.status === "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
  };
}

function readPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    // A test that passes only when repeated is broken too.
    failed: stats.unexpected + stats.flaky + errors.length,
  };
}
