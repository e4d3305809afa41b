import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { freePorts } from "@/lib/testing/free-port.mjs";

const NODE = ["--conditions=react-server", "--import", "tsx"];
const READY_MS_MAX = 120_000;

/** A Studio with a database of its own, which may end and start again on the same ports. */
export type RestartableStudio = {
  url: string;
  ingestUrl: string;
  /** What `npm run up` starts; until both ports answer. */
  start(): Promise<void>;
  /** `SIGTERM`, or `SIGKILL` as when a machine dies. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Runs a program of ours on its data; what it printed. */
  run(program: string, args?: string[], input?: string): Promise<string>;
  /** Ends it and removes all it kept. */
  remove(): Promise<void>;
};

export async function createStudio(): Promise<RestartableStudio> {
  const dir = mkdtempSync(join(tmpdir(), "source-studio-again-"));
  // PostgreSQL's account has to walk through when this is root.
  chmodSync(dir, 0o711);
  const dataDir = join(dir, "data");
  const [port = 0, ingestPort = 0] = await freePorts(2);
  const url = `http://localhost:${port}`;
  const ingestUrl = `http://127.0.0.1:${ingestPort}`;
  const env = {
    ...process.env,
    ...{ NODE_OPTIONS: "", DATABASE_URL: "", DATA_DIR: dataDir },
    ...{ PORT: String(port), INGEST_PORT: String(ingestPort) },
    ...{ PUBLIC_URL: "", PUBLIC_INGEST_URL: "", MEDIA_URL: "" },
    ...{ OUTBOUND_ALLOW: "127.0.0.1", OUTBOUND_PORTS: "1024-65535" },
    ...{ INGEST_PROCESSES: "1", LOG_LEVEL: "error" },
  };
  const launch = (program: string, args: string[] = []) =>
    spawn(process.execPath, [...NODE, program, ...args], {
      ...{ env, stdio: ["pipe", "pipe", "inherit"] },
    });
  let running: ReturnType<typeof launch> | undefined;

  async function end(signal: NodeJS.Signals) {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }

  return {
    ...{ url, ingestUrl, end },
    async start() {
      const child = launch("lib/cli/start.ts");
      child.stdout.resume();
      running = child;
      for (const place of [url, ingestUrl]) {
        await expect
          .poll(() => readiness(place), { timeout: READY_MS_MAX })
          .toBe(200);
      }
    },
    async run(program, args, input = "") {
      const child = launch(program, args);
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.stdin.end(input);
      await once(child, "close");
      return said;
    },
    async remove() {
      await end("SIGTERM");
      for (const name of ["postgres", "postgres-bin"]) {
        // The database may lie outside, behind a link.
        const place = realpathSync(join(dataDir, name));
        rmSync(place, { recursive: true, force: true });
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function readiness(url: string): Promise<number> {
  return fetch(`${url}/ready`).then(
    ({ status }) => status,
    () => 0,
  );
}
