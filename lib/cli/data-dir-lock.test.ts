import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { lockDataDir } from "./data-dir-lock";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), `source-studio-test-${process.pid}-`));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lockPath = () => join(dir, "studio.lock");

describe("lockDataDir", () => {
  test("names the process that holds the folder", async () => {
    const unlock = await lockDataDir(dir);
    await expect(lockDataDir(dir)).rejects.toThrow(
      `A Studio already runs on ${dir} (process ${process.pid}).`,
    );
    unlock();
    expect(existsSync(lockPath())).toBe(false);
  });

  test("takes over the lock of a process that is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    writeOwner(child, "some boot 1");
    const unlock = await lockDataDir(dir);
    expect(readFileSync(lockPath(), "utf8")).toContain(`${process.pid}`);
    unlock();
  });

  test("takes over the lock of a dead process whose number lives again", async () => {
    writeOwner(process, "an earlier boot 77");
    const unlock = await lockDataDir(dir);
    unlock();
  });

  test("takes over a lock that a power cut left empty", async () => {
    writeFileSync(lockPath(), "");
    (await lockDataDir(dir))();
  });

  test("lets exactly one of many have a stale lock", async () => {
    writeOwner(process, "an earlier boot 77");
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockDataDir(dir)),
    );
    const won = tries.filter(({ status }) => status === "fulfilled");
    expect(won).toHaveLength(1);
  });

  test("says which folder cannot be written", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    await expect(lockDataDir(join(file, "data"))).rejects.toThrow(
      /The data folder .*\/file\/data cannot be written \(ENOTDIR\)/,
    );
  });
});

function writeOwner(owner: ChildProcess | NodeJS.Process, birth: string): void {
  writeFileSync(lockPath(), JSON.stringify({ pid: owner.pid, birth }));
}
