import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root,
  resolve: {
    alias: [
      {
        find: /^server-only$/,
        replacement: `${root}lib/testing/server-only.ts`,
      },
      { find: /^@\//, replacement: root },
    ],
  },
  test: {
    include: ["{lib,components,app}/**/*.test.{ts,tsx}"],
    globalSetup: [`${root}lib/testing/global-setup.ts`],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
