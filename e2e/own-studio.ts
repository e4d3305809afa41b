import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { freePorts } from "@/lib/testing/free-port.mjs";

import { openRecordingProxy, type RecordingProxy } from "./recording-proxy";

/** A Studio of the test's own, so that all it says, answers and keeps can be read. */
export type OwnStudio = {
  dataDir: string;
  /** What stands before the pages, and before the ingest API. */
  pages: RecordingProxy;
  ingest: RecordingProxy;
  output(): string;
  log(): string;
  /** Runs a program of ours on its data; everything that it printed. */
  run(
    program: string,
    args?: string[],
    input?: string,
  ): Promise<{ output: string; log: string }>;
  close(): Promise<void>;
};

const NODE = ["--conditions=react-server", "--import", "tsx"];

/** Starts what `npm run up` starts, on an empty folder, with the most talkative log. */
export async function startOwnStudio(): Promise<OwnStudio> {
  const dir = mkdtempSync(join(tmpdir(), "source-studio-own-"));
  // PostgreSQL's account has to walk through when this is root.
  chmodSync(dir, 0o711);
  const [studioPort = 0, ingestPort = 0, pagesPort = 0, apiPort = 0] =
    await freePorts(4);
  const [pages, ingest] = await Promise.all([
    openRecordingProxy(pagesPort, studioPort),
    openRecordingProxy(apiPort, ingestPort),
  ]);
  const dataDir = join(dir, "data");
  const env = {
    ...process.env,
    ...{ NODE_OPTIONS: "", DATABASE_URL: "", DATA_DIR: dataDir },
    ...{ PORT: String(studioPort), INGEST_PORT: String(ingestPort) },
    ...{ PUBLIC_URL: pages.url, PUBLIC_INGEST_URL: ingest.url },
    ...{ MEDIA_URL: ingest.url, LOG_LEVEL: "trace", INGEST_PROCESSES: "1" },
    ...{ OUTBOUND_ALLOW: "127.0.0.1", OUTBOUND_PORTS: "1024-65535" },
  };

  const launch = (program: string, args: string[] = []) => {
    const child = spawn(process.execPath, [...NODE, program, ...args], { env });
    const said = { output: "", log: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      said.output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said.log += chunk.toString();
    });
    return { child, said, exit: once(child, "close") };
  };
  const studio = launch("lib/cli/start.ts");
  await expect
    .poll(() => studio.said.output, { timeout: 120_000 })
    .toContain("setup code:");

  return {
    ...{ dataDir, pages, ingest },
    output: () => studio.said.output,
    log: () => studio.said.log,
    async run(program, args, input = "") {
      const { child, said, exit } = launch(program, args);
      child.stdin.end(input);
      await exit;
      return said;
    },
    async close() {
      studio.child.kill("SIGTERM");
      await studio.exit;
      await Promise.all([pages.close(), ingest.close()]);
      for (const name of ["postgres", "postgres-bin"]) {
        // The database may lie outside, behind a link.
        const place = realpathSync(join(dataDir, name));
        rmSync(place, { recursive: true, force: true });
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
