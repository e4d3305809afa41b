import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

import { freePort } from "./free-port.mjs";

const READY_MS_MAX = 30_000;
const POLL_MS = 50;

type ServingProcess = { child: ChildProcess; port: number };

type StartOptions = {
  env: NodeJS.ProcessEnv;
  /** A free one by default. */
  port?: number;
  /** The setting that tells the program its port. */
  portSetting?: string;
};

/** The ingest listener as a process of its own, as in the product, answering. */
export function startIngestListener(
  options: StartOptions,
): Promise<ServingProcess> {
  return startScript("lib/server/ingest-listener/main.ts", options);
}

/** A script of ours that answers `GET /health`. */
export function startScript(
  script: string,
  options: StartOptions,
): Promise<ServingProcess> {
  const args = ["--conditions=react-server", "--import", "tsx", script];
  return startServing(args, options);
}

/** Node with these arguments, once `GET /health` answers; ended when it does not. */
export async function startServing(
  args: string[],
  { env, port: wantedPort, portSetting = "INGEST_PORT" }: StartOptions,
): Promise<ServingProcess> {
  const port = wantedPort ?? (await freePort());
  const child = spawn(process.execPath, args, {
    env: { ...env, [portSetting]: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const begun = performance.now();
  while (performance.now() - begun < READY_MS_MAX) {
    if (await isHealthy(port)) return { child, port };
    if (child.exitCode !== null) break;
    await delay(POLL_MS);
  }
  child.kill("SIGKILL");
  throw new Error(`${args.at(-1) ?? ""} did not answer on port ${port}.`);
}

function isHealthy(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
