// `npm run e2e [-- playwright options]`: a built Studio on free ports with an
// empty data folder, and the journeys in Chromium against it.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { freePorts } from "../testing/free-port.mjs";
import { buildStudio } from "./build.mjs";
import { installChromium } from "./chromium.mjs";
import { installPackages, requireNode } from "./install.mjs";

const DIR_PREFIX = "source-studio-e2e-";
const READY_MS_MAX = 180_000;

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
requireNode();
installPackages({ needsDev: true });
await installChromium();
buildStudio();
removeLeftovers();

const dir = mkdtempSync(join(tmpdir(), `${DIR_PREFIX}${process.pid}-`));
// PostgreSQL's account has to walk through when this is root.
chmodSync(dir, 0o711);
const [PORT, INGEST_PORT] = (await freePorts(2)).map(String);
const database = await createDatabase();
const env = {
  ...process.env,
  ...{ PORT, INGEST_PORT, DATA_DIR: join(dir, "data") },
  ...{
    DATABASE_URL: database?.url ?? "",
    PUBLIC_URL: "",
    PUBLIC_INGEST_URL: "",
    MEDIA_URL: "",
  },
  // Journeys with links have their files on servers of their own.
  ...{ OUTBOUND_ALLOW: "127.0.0.1", OUTBOUND_PORTS: "80,443,1024-65535" },
  STUDIO_URL: `http://localhost:${PORT}`,
  INGEST_URL: `http://localhost:${INGEST_PORT}`,
};

let code = 1;
const studio = startStudio();
try {
  await untilReady();
  code = await runPlaywright();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
} finally {
  await stopStudio();
  await database?.drop();
  removeFolder(dir);
}
process.exit(code);

function startStudio() {
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "lib/cli/start.ts"],
    { env, detached: true, stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  child.stdout.resume();
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => child.kill("SIGTERM"));
  return child;
}

async function untilReady() {
  const begun = Date.now();
  for (const url of [env.STUDIO_URL, env.INGEST_URL]) {
    while (!(await isHealthy(url))) {
      if (studio.exitCode !== null)
        throw new Error("The Studio did not start. The lines above say why.");
      if (Date.now() - begun > READY_MS_MAX)
        throw new Error(`${url}/ready did not answer in time.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function isHealthy(url) {
  return fetch(`${url}/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

function runPlaywright() {
  const cli = "node_modules/@playwright/test/cli.js";
  const args = [cli, "test", "-c", "e2e", ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { env, stdio: "inherit" });
  return exitOf(child);
}

async function stopStudio() {
  if (studio.exitCode !== null) return;
  studio.kill("SIGTERM");
  await exitOf(studio);
}

function exitOf(child) {
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
}

/** With TEST_DATABASE_URL: a database of this run's own on that server. */
async function createDatabase() {
  const address = process.env.TEST_DATABASE_URL;
  if (!address) return undefined;
  const { default: pg } = await import("pg");
  const name = `studio_e2e_${randomUUID().slice(0, 8)}`;
  const onServer = async (statement) => {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`create database ${name} template template0 encoding 'UTF8'`);
  const url = new URL(address);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => onServer(`drop database if exists ${name} with (force)`),
  };
}

/** Folders of runs that were killed. Their Studios have stopped with them. */
function removeLeftovers() {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${DIR_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (pid && !isAlive(pid)) removeFolder(join(tmpdir(), name));
  }
}

function removeFolder(path) {
  for (const name of ["postgres", "postgres-bin"]) {
    try {
      // The database may lie outside, behind a link.
      rmSync(realpathSync(join(path, "data", name)), { recursive: true });
    } catch {
      // Never made.
    }
  }
  rmSync(path, { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
