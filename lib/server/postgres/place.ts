import "server-only";

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  realpath,
  rm,
  symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import { serverAccount, type Account } from "./account";

/** Where an embedded server keeps what it needs. */
export type Place = {
  /** `DATA_DIR/postgres`, resolved. Owned by the server's account, mode 0700. */
  home: string;
  clusterDir: string;
  /** Of the programs; readable for the server's account. */
  binariesDir: string;
  logFile: string;
  account: Account | undefined;
};

/** The embedded server's one role and its database. */
export const ROLE = "studio";
export const DATABASE = "source_studio";
export const SOCKET_PORT = 5432;

// sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
const SOCKET_PATH_BYTES_MAX = process.platform === "darwin" ? 103 : 107;
const OUTSIDE_DIR = "/var/lib/source-studio";

/**
 * Makes the folders of the embedded server in `dataDir`. When this is root and
 * the server's account cannot get into `dataDir` (it lies in a closed home), the
 * folders are made under /var/lib/source-studio with links to them from
 * `dataDir`; `note` is told.
 */
export async function preparePlace(
  dataDir: string,
  note: (line: string) => void,
): Promise<Place> {
  await makeDataDir(dataDir);
  const link = join(dataDir, "postgres");
  const account = await serverAccount(join(link, "cluster"));

  if (account && !(await lstat(link).catch(() => undefined))) {
    if (!canEnter(account, dataDir)) await moveOutside(dataDir, account, note);
  }
  await mkdir(link, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new AppError(
      "unavailable",
      `${link} leads nowhere: the folder it points to is gone. Bring it back from a backup, or remove the link to start with an empty database.`,
      { cause },
    );
  });
  const home = await realpath(link);
  await chmod(home, 0o700);
  if (account) await chown(home, account.uid, account.gid);

  const beside = join(dataDir, "postgres-bin");
  await makeDir(beside, 0o755);
  return {
    home,
    clusterDir: join(home, "cluster"),
    binariesDir: await realpath(beside),
    logFile: join(home, "server.log"),
    account,
  };
}

/** The folder of the server's socket: a running server's own, else where the next one will put it. */
export function socketDir(home: string): string {
  const running = readServerFile(home)?.socketDir;
  if (running) return running;

  const inside = join(home, "socket");
  if (isShortEnough(inside)) return inside;
  const name = `source-studio-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`;
  const temporary = join(tmpdir(), name);
  return isShortEnough(temporary) ? temporary : join("/tmp", name);
}

/** Makes the socket's folder, for the server's account alone. */
export async function makeSocketDir(
  dir: string,
  account: Account | undefined,
): Promise<void> {
  await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const uid = account?.uid ?? process.getuid?.();
  const made = await lstat(dir);
  // In a shared temporary folder somebody else may have taken the name.
  const isOurs = made.uid === uid || made.uid === process.getuid?.();
  if (!made.isDirectory() || !isOurs) {
    throw new AppError(
      "unavailable",
      `${dir} belongs to somebody else, and PostgreSQL's socket must be there. Remove it, or choose a shorter DATA_DIR.`,
    );
  }
  await chmod(dir, 0o700);
  if (account) await chown(dir, account.uid, account.gid);
}

/**
 * The address of the embedded server of `dataDir`, whether it runs or not, for
 * processes that did not start it.
 */
export function embeddedUrl(dataDir: string, database = DATABASE): string {
  const link = join(dataDir, "postgres");
  const home = existsSync(link) ? realpathSync(link) : link;
  return socketUrl(socketDir(home), database);
}

export function socketUrl(dir: string, database: string): string {
  return `postgres://${ROLE}@localhost:${SOCKET_PORT}/${database}?host=${encodeURIComponent(dir)}`;
}

/** What a running (or killed) server says of itself in postmaster.pid. */
export function readServerFile(
  home: string,
): { pid: number; socketDir: string | undefined } | undefined {
  try {
    const lines = readFileSync(
      join(home, "cluster", "postmaster.pid"),
      "utf8",
    ).split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, socketDir: lines[4]?.trim() || undefined };
  } catch {
    // No server, or the file is being written just now.
    return undefined;
  }
}

async function makeDataDir(dataDir: string): Promise<void> {
  // As root the server's account must be able to walk through; keys have their own closed folder.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    const made = await mkdir(dataDir, { recursive: true, mode });
    if (made) await chmod(dataDir, mode);
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `The data folder ${dataDir} cannot be made (${reason(cause)}). Make it writable, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}

function canEnter(account: Account, dir: string): boolean {
  // Asked of the system itself: modes alone do not show access lists and mounts.
  const { status } = spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", dir], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

async function moveOutside(
  dataDir: string,
  account: Account,
  note: (line: string) => void,
): Promise<void> {
  const outside = join(OUTSIDE_DIR, randomUUID());
  await makeDir(OUTSIDE_DIR, 0o711);
  await makeDir(outside, 0o711);
  await makeDir(join(outside, "postgres"), 0o700);
  await makeDir(join(outside, "postgres-bin"), 0o755);
  try {
    await symlink(join(outside, "postgres"), join(dataDir, "postgres"));
    await symlink(join(outside, "postgres-bin"), join(dataDir, "postgres-bin"));
    note(
      `The account ${account.name}, which runs PostgreSQL because root may not, cannot enter ${dataDir}. The database is kept in ${outside}, linked from ${join(dataDir, "postgres")}. Include it in backups.`,
    );
  } catch (error) {
    await rm(outside, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // Another process made the links first.
  }
}

/** With exactly this mode, whatever the umask. */
async function makeDir(path: string, mode: number): Promise<void> {
  if (await mkdir(path, { recursive: true })) await chmod(path, mode);
}

function isShortEnough(dir: string): boolean {
  return (
    Buffer.byteLength(`${dir}/.s.PGSQL.${SOCKET_PORT}`) <= SOCKET_PATH_BYTES_MAX
  );
}
