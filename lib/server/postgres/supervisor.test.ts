import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { readServerFile, socketDir } from "./place";
import { removePostgres, startPostgres } from "./supervisor";

const START_MS_MAX = 60_000;

let root: string;
// One database for most tests: making one takes longer than everything else.
let dataDir: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), `source-studio-test-${process.pid}-`));
  chmodSync(root, 0o711);
  dataDir = join(root, "data");
});
afterAll(async () => {
  await removePostgres(dataDir);
  rmSync(root, { recursive: true, force: true });
});

const home = (dir = dataDir) => realpathSync(join(dir, "postgres"));

/** Runs `work` with a data folder that nothing has been started in. */
async function inFreshDir(
  dir: string,
  work: (dir: string) => Promise<void>,
): Promise<void> {
  try {
    await work(dir);
  } finally {
    await removePostgres(dir);
  }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("startPostgres", { timeout: START_MS_MAX }, () => {
  test("makes a durable database that speaks UTF-8 and listens on no port", async () => {
    const server = await startPostgres({ dataDir });
    const settings = await query(
      server.url,
      `select current_setting('fsync') as fsync,
              current_setting('data_checksums') as checksums,
              current_setting('server_encoding') as encoding,
              current_setting('listen_addresses') as addresses,
              lower('ÅÄÖ') as lower`,
    );
    expect(settings).toEqual([
      {
        fsync: "on",
        checksums: "on",
        encoding: "UTF8",
        addresses: "",
        lower: "åäö",
      },
    ]);
    expect(await server.stop()).toBe("stopped");
    expect(readServerFile(home())).toBeUndefined();
  });

  test("joins a running server, and only its last user stops it", async () => {
    const first = await startPostgres({ dataDir });
    const second = await startPostgres({ dataDir });
    expect(second.url).toBe(first.url);
    expect(await first.stop()).toBe("in use");
    await query(second.url, "select 1");
    expect(await second.stop()).toBe("stopped");
  });

  test("survives several first starts at the same time", async () => {
    await inFreshDir(join(root, "several"), async (dir) => {
      const servers = await Promise.all(
        Array.from({ length: 3 }, () => startPostgres({ dataDir: dir })),
      );
      expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
      for (const server of servers) await server.stop();
      expect(readServerFile(home(dir))).toBeUndefined();
    });
  });

  test("starts again after the server was killed, with what was committed", async () => {
    const first = await startPostgres({ dataDir });
    await query(first.url, "create table kept as select 1 as one");
    process.kill(readServerFile(home())?.pid ?? 0, "SIGKILL");
    await first.lost;

    const second = await startPostgres({ dataDir });
    expect(await query(second.url, "select one from kept")).toEqual([
      { one: 1 },
    ]);
    await second.stop();
  });

  test("joins the server that a killed program has left behind", async () => {
    const program = spawn(
      process.execPath,
      [
        ...["--conditions=react-server", "--import", "tsx", "-e"],
        `import("@/lib/server/postgres/supervisor").then(async (s) => {
           await s.startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
           process.kill(process.pid, "SIGKILL");
         })`,
      ],
      { stdio: "inherit" },
    );
    await once(program, "exit");
    const left = readServerFile(home())?.pid;
    const server = await startPostgres({ dataDir });
    expect(readServerFile(home())?.pid).toBe(left);
    expect(await server.stop()).toBe("stopped");
  });

  test("is not held up by a pid file whose number belongs to another program", async () => {
    const cluster = join(home(), "cluster");
    writeFileSync(
      join(cluster, "postmaster.pid"),
      `${sleeper(cluster)}\n${cluster}\n1\n5432\n${socketDir(home())}\n\n`,
    );
    const server = await startPostgres({ dataDir });
    await server.stop();
  });

  test("keeps the socket elsewhere when the folder's path is too long", async () => {
    const deep = join(root, "d".repeat(100), "data");
    await inFreshDir(deep, async (dir) => {
      const server = await startPostgres({ dataDir: dir });
      expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
      expect(socketDir(home(dir)).length).toBeLessThan(90);
      await server.stop();
    });
  });

  test("starts a server again whose socket's folder was removed", async () => {
    const first = await startPostgres({ dataDir });
    rmSync(socketDir(home()), { recursive: true });
    const second = await startPostgres({ dataDir });
    await first.lost;
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await second.stop();
  });

  test("names the versions when the database is of another PostgreSQL", async () => {
    const version = join(home(), "cluster", "PG_VERSION");
    writeFileSync(version, "17\n");
    await expect(startPostgres({ dataDir })).rejects.toThrow(
      /made by PostgreSQL 17, and this Studio brings PostgreSQL 18/,
    );
    writeFileSync(version, "18\n");
  });

  test("says that a database is damaged, and leaves it alone", async () => {
    const control = join(home(), "cluster", "global", "pg_control");
    const intact = readFileSync(control);
    writeFileSync(control, "nonsense");
    await expect(startPostgres({ dataDir })).rejects.toThrow(/may be damaged/);
    expect(readFileSync(control, "utf8")).toBe("nonsense");
    writeFileSync(control, intact);
  });

  // Another account's view can only be tried by root.
  const testAsRoot = test.runIf(process.getuid?.() === 0);

  testAsRoot("lets no other account in", async () => {
    const server = await startPostgres({ dataDir });
    const { status } = spawnSync("ls", [socketDir(home())], {
      ...{ uid: 65_534, gid: 65_534, cwd: "/" },
    });
    expect(status).not.toBe(0);
    await server.stop();
  });

  testAsRoot("keeps the database outside a closed folder", async () => {
    const closed = join(root, "closed");
    mkdirSync(closed, { mode: 0o700 });
    await inFreshDir(join(closed, "data"), async (dir) => {
      const notes: string[] = [];
      const note = (line: string) => notes.push(line);
      const server = await startPostgres({ dataDir: dir, note });
      expect(home(dir)).toMatch(/^\/var\/lib\/source-studio\//);
      expect(notes.join()).toContain("linked from");
      expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
      await server.stop();
    });
  });
});

const sleepers: number[] = [];
afterEach(() => {
  for (const pid of sleepers.splice(0)) process.kill(pid, "SIGKILL");
});

/** A program of the cluster's account that is no PostgreSQL. */
function sleeper(cluster: string): number {
  const { stdout } = spawnSync("stat", ["-c", "%u", cluster], {
    encoding: "utf8",
  });
  const child = spawn("sleep", ["60"], {
    ...{ uid: Number(stdout.trim()), cwd: "/", stdio: "ignore" },
  });
  if (!child.pid) throw new Error("sleep did not start.");
  sleepers.push(child.pid);
  return child.pid;
}
