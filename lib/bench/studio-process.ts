import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { freePorts } from "@/lib/testing/free-port.mjs";

const READY_MS_MAX = 120_000;
const LOOK_EVERY_MS = 200;

export type StudioProcess = { url: string; stop: () => Promise<void> };

/** The built Studio on free ports, with its own database in a folder that `stop` removes. Needs `npm run build`. */
export async function startStudio(): Promise<StudioProcess> {
  const folder = await mkdtemp(join(tmpdir(), "bench-studio-"));
  // PostgreSQL's account has to walk through when this is root.
  await chmod(folder, 0o711);
  const [PORT, INGEST_PORT] = (await freePorts(2)).map(String);
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "lib/cli/start.ts"],
    {
      env: {
        ...process.env,
        ...{ PORT, INGEST_PORT, DATA_DIR: join(folder, "data") },
        ...{ DATABASE_URL: "", PUBLIC_URL: "", NODE_OPTIONS: "" },
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => resolve()),
  );
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://localhost:${PORT}`;
  const begun = Date.now();
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() - begun > READY_MS_MAX) {
      await stop();
      throw new Error("The Studio did not start. Is it built?");
    }
    await delay(LOOK_EVERY_MS);
  }
  return { url, stop };
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
