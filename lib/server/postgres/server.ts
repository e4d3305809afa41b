import "server-only";

import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { PROGRAM_ENV } from "./cluster";
import {
  makeSocketDir,
  readServerFile,
  SOCKET_PORT,
  socketDir,
  type Place,
} from "./place";

const LOG_BYTES_MAX = 5_000_000;
const FAST_STOP_MS_MAX = 12_000;
const IMMEDIATE_STOP_MS_MAX = 5_000;

type Launched = {
  hasExited(): boolean;
  /** What the server wrote to its log since it was launched. */
  output(): Promise<string>;
};

/**
 * Starts the server's process in a session of its own, so that Ctrl-C in the
 * terminal reaches only the Studio. Does not wait until it answers.
 */
export async function launchServer(
  place: Place,
  binDir: string,
  settings: Record<string, string>,
): Promise<Launched> {
  const { home, clusterDir, logFile, account } = place;
  const sockets = socketDir(home);
  await makeSocketDir(sockets, account);

  const all: Record<string, string> = {
    listen_addresses: "",
    port: String(SOCKET_PORT),
    unix_socket_directories: sockets,
    hba_file: join(home, "pg_hba.conf"),
    ident_file: join(home, "pg_ident.conf"),
    fsync: "on",
    timezone: "UTC",
    log_timezone: "UTC",
    // Values and secrets stay out of the log: no statements, no DETAIL lines.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);

  await shortenLog(logFile);
  const log = await open(logFile, "a", 0o600);
  try {
    const { size } = await log.stat();
    const child = spawn(join(binDir, "postgres"), ["-D", clusterDir, ...args], {
      cwd: home,
      detached: true,
      env: PROGRAM_ENV,
      stdio: ["ignore", log.fd, log.fd],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    let failure: string | undefined;
    child.on("error", (error) => {
      failure = error.message;
    });
    child.unref();
    return {
      hasExited: () =>
        failure !== undefined ||
        child.exitCode !== null ||
        child.signalCode !== null,
      output: async () => failure ?? (await readFrom(logFile, size)),
    };
  } finally {
    await log.close();
  }
}

/**
 * Stops the server that runs in `place`, whoever started it: first so that open
 * transactions roll back, and the hard way when that takes too long. Nothing
 * that was committed is lost either way.
 */
export async function stopServer(
  place: Pick<Place, "home" | "clusterDir">,
): Promise<void> {
  for (const [signal, ms] of [
    ["SIGINT", FAST_STOP_MS_MAX],
    ["SIGQUIT", IMMEDIATE_STOP_MS_MAX],
  ] as const) {
    const pid = readServerFile(place.home)?.pid;
    if (pid === undefined || !isServer(pid, place)) return;
    process.kill(pid, signal);

    const begun = performance.now();
    while (performance.now() - begun < ms) {
      // The file is the last thing the server removes; a pid may linger as a zombie.
      if (readServerFile(place.home)?.pid !== pid) return;
      await delay(10);
    }
  }
}

/**
 * Removes postmaster.pid when the process it names is not a server of this
 * cluster: after a reboot the number may belong to anything, and PostgreSQL
 * would wait for it for ever.
 */
export async function removeStaleServerFile(place: Place): Promise<void> {
  const pid = readServerFile(place.home)?.pid;
  if (pid === undefined || isServer(pid, place)) return;
  await rm(join(place.clusterDir, "postmaster.pid"), { force: true });
  await rm(join(socketDir(place.home), `.s.PGSQL.${SOCKET_PORT}.lock`), {
    force: true,
  });
}

function isServer(
  pid: number,
  { clusterDir }: Pick<Place, "clusterDir">,
): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // No such process, or one of another account: not ours.
    return false;
  }
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === clusterDir;
  } catch {
    // A zombie has no working folder.
    return false;
  }
}

async function shortenLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > LOG_BYTES_MAX) await rename(logFile, `${logFile}.1`);
}

async function readFrom(path: string, offset: number): Promise<string> {
  return (await readFile(path)).subarray(offset).toString("utf8");
}
