import "server-only";

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chown, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import { allowedNames, type Account } from "./account";
import { ROLE, type Place } from "./place";

/** Little of our environment: none of it may change how PostgreSQL works. */
export const PROGRAM_ENV: NodeJS.ProcessEnv = {
  NODE_ENV: "production",
  PATH: process.env["PATH"],
  LC_ALL: "C",
};

/**
 * Makes the database cluster when there is none, whole or not at all, and
 * (re)writes who may sign in. Several processes may call it at once.
 *
 * @throws {AppError} `unavailable` when the existing cluster is of another major
 *   version or damaged, or the disk is full.
 */
export async function prepareCluster(
  place: Place,
  binDir: string,
  majorVersion: string,
): Promise<void> {
  if (await isThere(place.clusterDir)) await checkCluster(place, majorVersion);
  else await createCluster(place, binDir);
  await writeAccess(place);
}

async function checkCluster(place: Place, majorVersion: string): Promise<void> {
  const { clusterDir } = place;
  const version = await readFile(join(clusterDir, "PG_VERSION"), "utf8").catch(
    () => undefined,
  );
  if (version === undefined || !(await isThere(join(clusterDir, "global")))) {
    throw new AppError(
      "unavailable",
      `The database in ${clusterDir} is damaged: files that PostgreSQL needs are missing. Bring the folder back from a backup, or move it away to start with an empty database.`,
    );
  }
  if (version.trim() !== majorVersion) {
    throw new AppError(
      "unavailable",
      `The database in ${clusterDir} was made by PostgreSQL ${version.trim()}, and this Studio brings PostgreSQL ${majorVersion}. Start it with the Studio it was made with, or set DATABASE_URL to a PostgreSQL ${version.trim()} that serves the folder.`,
    );
  }
}

async function createCluster(place: Place, binDir: string): Promise<void> {
  const { home, clusterDir, account } = place;
  const temporary = join(home, `.cluster-${randomUUID()}`);
  const args = [
    ...["-D", temporary, "-U", ROLE, "--encoding=UTF8", "--locale=C"],
    // Letters beyond ASCII have upper and lower case, alike on every machine.
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...["--data-checksums", "--auth-local=peer", "--auth-host=reject"],
    "--no-instructions",
  ];
  try {
    await run(join(binDir, "initdb"), args, home, account);
    await rename(temporary, clusterDir);
  } catch (error) {
    // Another process was faster: its cluster is the one.
    if (!(await isThere(clusterDir))) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Only the accounts that start and run the server get in, over the socket, known by the kernel. */
async function writeAccess({ home, account }: Place): Promise<void> {
  const names = await allowedNames(account);
  const lines = names.map((name) => `studio "${name}" ${ROLE}`);
  await writeOwned(
    join(home, "pg_hba.conf"),
    "local all all peer map=studio\n",
    account,
  );
  await writeOwned(
    join(home, "pg_ident.conf"),
    `${lines.join("\n")}\n`,
    account,
  );
}

async function writeOwned(
  path: string,
  text: string,
  account: Account | undefined,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { mode: 0o600 });
  if (account) await chown(temporary, account.uid, account.gid);
  await rename(temporary, path);
}

function run(
  program: string,
  args: string[],
  cwd: string,
  account: Account | undefined,
): Promise<void> {
  const options = account
    ? { cwd, env: PROGRAM_ENV, uid: account.uid, gid: account.gid }
    : { cwd, env: PROGRAM_ENV };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve();
      reject(serverFailure(`${stderr}\n${stdout}\n${error.message}`, cwd));
    });
  });
}

/** A sentence for what PostgreSQL's programs said when they gave up. */
export function serverFailure(output: string, home: string): AppError {
  if (/No space left on device|ENOSPC/i.test(output)) {
    return new AppError(
      "unavailable",
      `The disk that holds ${home} is full, so PostgreSQL cannot work. Free some space, then start again.`,
    );
  }
  if (/ENOENT|EACCES/.test(output)) {
    return new AppError(
      "unavailable",
      `The PostgreSQL programs cannot run on this machine (${lastLine(output)}). They need a Linux with glibc or macOS, and a DATA_DIR on a disk that allows programs. Or set DATABASE_URL.`,
    );
  }
  const line =
    /^.*\b(?:PANIC|FATAL|error):\s*(.+)$/m.exec(output)?.[1] ??
    lastLine(output);
  return new AppError(
    "unavailable",
    `PostgreSQL does not start: ${line}. The database in ${home} may be damaged; ${join(home, "server.log")} says more. Bring the folder back from a backup if it stays.`,
    { cause: new Error(output) },
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
