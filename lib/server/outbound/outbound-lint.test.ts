import { fileURLToPath } from "node:url";

import { ESLint, type Linter } from "eslint";
import { parser } from "typescript-eslint";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
let eslint: ESLint;

/** The project's own blocks about outbound connections, without those that need types. */
beforeAll(async () => {
  const config = (await import(`${root}eslint.config.mjs`)) as {
    default: Linter.Config[];
  };
  const blocks = config.default.filter(
    ({ rules }) => rules && "no-restricted-syntax" in rules,
  );
  eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ["**/*.{ts,tsx}"], languageOptions: { parser } },
      ...blocks,
    ],
  });
});

async function problemsIn(code: string, filePath: string): Promise<number> {
  const [result] = await eslint.lintText(code, { filePath });
  if (!result || result.fatalErrorCount > 0)
    throw new Error(`Not linted: ${JSON.stringify(result?.messages)}`);
  return result.errorCount;
}

describe("the lint rule about outbound connections", () => {
  const planted = [
    'import { request } from "undici";',
    'import undici from "undici";',
    'import { get } from "node:http";',
    'import { createServer, request } from "node:http";',
    'import http from "http";',
    'import * as http from "node:http";',
    'import https from "node:https";',
    'import { connect } from "node:net";',
    'import { Socket } from "node:net";',
    'import { connect } from "node:tls";',
    'import "node:http2";',
    'import axios from "axios";',
    'import { S3Client } from "@aws-sdk/client-s3";',
    'export { request } from "undici";',
    'export * from "node:http";',
    'export const load = () => import("undici");',
    'export const load = () => import("node:http");',
    'export const net = require("node:net");',
    'export const net = process.getBuiltinModule("node:net");',
    'await fetch("http://x");',
    'await globalThis.fetch("http://x");',
    'new WebSocket("ws://x");',
  ];

  it.each(planted)("catches %s", async (code) => {
    for (const file of ["lib/server/media/worker.ts", "app/api/x/route.ts"])
      expect(await problemsIn(code, file), file).toBe(1);
  });

  it("lets the guard connect, the store reach its one service and the listener listen", async () => {
    const store = "lib/server/file-store/s3-store.ts";
    const useUndici = 'import { request } from "undici";';
    const useS3 = 'import { S3Client } from "@aws-sdk/client-s3";';
    const listen = `import { createServer, type IncomingMessage } from "node:http";
      import { BlockList, Server as NetServer, type Socket } from "node:net";
      import type { Agent } from "undici";`;

    expect(await problemsIn(useUndici, "lib/server/outbound/x.ts")).toBe(0);
    expect(await problemsIn(useS3, store)).toBe(0);
    expect(await problemsIn(useUndici, store)).toBe(1);
    expect(await problemsIn(listen, "lib/server/ingest-listener/x.ts")).toBe(0);
    expect(await problemsIn(useUndici, "lib/server/media/x.test.ts")).toBe(0);
  });
});
