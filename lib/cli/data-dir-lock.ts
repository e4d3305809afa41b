import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { AppError } from "@/lib/domain/errors";

const TAKEOVER_MS_MAX = 10_000;
const TRIES_MAX = 200;

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  /** Tells a process from a later one with the same number. */
  birth: z.string(),
});

/**
 * Makes this process the only Studio of `dataDir`; gives the function that ends
 * that. A lock whose process is gone is taken over.
 *
 * @throws {AppError} `conflict` naming the process that holds it, `unavailable`
 *   when the folder cannot be written.
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  const path = join(dataDir, "studio.lock");
  const own = `${path}.${randomUUID()}`;
  const birth = birthOf(process.pid) ?? "";
  try {
    // As root, PostgreSQL's account has to walk through; keys have a closed folder.
    mkdirSync(dataDir, {
      recursive: true,
      mode: process.getuid?.() === 0 ? 0o711 : 0o700,
    });
    writeFileSync(own, JSON.stringify({ pid: process.pid, birth }), {
      mode: 0o600,
    });
    await claim(path, own, dataDir);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("unavailable", unwritable(dataDir, error), {
      cause: error,
    });
  } finally {
    removeIfThere(own);
  }
  return () => {
    if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

async function claim(
  path: string,
  own: string,
  dataDir: string,
): Promise<void> {
  for (let tried = 0; tried < TRIES_MAX; tried += 1) {
    // A link appears whole or not at all, and only if nobody was faster.
    if (linked(own, path)) return;
    refuseLiving(path, dataDir);

    const takeover = `${path}.takeover`;
    if (linked(own, takeover)) {
      try {
        refuseLiving(path, dataDir);
        rmSync(path, { force: true });
        if (linked(own, path)) return;
      } finally {
        rmSync(takeover, { force: true });
      }
    } else if (ageMs(takeover) > TAKEOVER_MS_MAX) {
      rmSync(takeover, { force: true });
    }
    await delay(25);
  }
  throw new AppError(
    "conflict",
    `The lock ${path} could not be taken. Remove the file when no Studio runs on ${dataDir}.`,
  );
}

function refuseLiving(path: string, dataDir: string): void {
  const owner = readOwner(path);
  if (!owner || birthOf(owner.pid) !== owner.birth) return;
  throw new AppError(
    "conflict",
    `A Studio already runs on ${dataDir} (process ${owner.pid}). Stop it first, or set DATA_DIR to another folder for a second Studio.`,
  );
}

function linked(existing: string, path: string): boolean {
  try {
    linkSync(existing, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(path: string): z.output<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Gone, or emptied by a power cut: nobody's.
    return undefined;
  }
}

/** When a process was born; `undefined` when there is none with the number. */
function birthOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // Fields after the name in brackets, which may hold spaces: state is 3, start time 22.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : `${boot.trim()} ${fields[19]}`;
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).trim();
  } catch {
    return undefined;
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder is none: nothing was written.
  }
}

function ageMs(path: string): number {
  return (
    Date.now() -
    (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  );
}

function unwritable(dataDir: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  return code === "ENOSPC"
    ? `The disk that holds ${dataDir} is full. Free some space, then start again.`
    : `The data folder ${dataDir} cannot be written (${code}). Make it writable, or set DATA_DIR to another folder.`;
}
