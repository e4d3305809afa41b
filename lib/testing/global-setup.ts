import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";
import type { TestProject } from "vitest/node";

import { migrate } from "@/lib/server/db/migrate";
import {
  removePostgres,
  startPostgres,
} from "@/lib/server/postgres/supervisor";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of a server's maintenance database, where databases are made. */
    serverUrl: string;
    /** A migrated database to clone. Its name starts the names of the run's databases. */
    templateName: string;
  }
}

const DIR_PREFIX = "source-studio-test-";
const DATABASE_PREFIX = "studio_test_";
const KEPT_HOURS_MAX = 2;

/** One database server and one migrated template for the whole run; nothing stays. */
export default async function setup({
  provide,
}: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dir = await mkdtemp(join(tmpdir(), `${DIR_PREFIX}${process.pid}-`));
  await chmod(dir, 0o711);
  // Read by the test processes, which are started after this.
  process.env["DATA_DIR"] = join(dir, "data");
  process.env["LOG_LEVEL"] ||= "silent";
  delete process.env["DATABASE_URL"];
  // No worker runs unless a test starts one: nothing to wait for.
  process.env["MEDIA_LINKS_WAIT_SECONDS"] ||= "0";

  const server = await openServer(join(dir, "server"));
  const hours = Math.floor(Date.now() / 3_600_000);
  const templateName = `${DATABASE_PREFIX}${hours}_${randomUUID().slice(0, 8)}`;
  await withClient(server.url, (client) =>
    client.query(`create database ${templateName}`),
  );
  await migrate(withDatabase(server.url, templateName), { needsFsync: false });

  provide("serverUrl", server.url);
  provide("templateName", templateName);

  return async () => {
    await server.close(templateName);
    await removePostgres(join(dir, "data"));
    await rm(dir, { recursive: true, force: true });
  };
}

async function openServer(
  dataDir: string,
): Promise<{ url: string; close(templateName: string): Promise<void> }> {
  const url = process.env["TEST_DATABASE_URL"];
  if (url) {
    await withClient(url, dropOldDatabases);
    return {
      url,
      close: (name) =>
        withClient(url, (client) => dropDatabases(client, `${name}%`)),
    };
  }
  const server = await startPostgres({
    dataDir,
    // Tests lose nothing in a power cut.
    settings: { synchronous_commit: "off", max_connections: "200" },
  });
  return {
    url: server.urlOf("postgres"),
    close: async () => {
      await server.stop();
      await removePostgres(dataDir);
    },
  };
}

/** What killed runs left: their folders, and the servers that still run in them. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${DIR_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const dir = join(tmpdir(), name);
    for (const inner of await readdir(dir).catch(() => []))
      await removePostgres(join(dir, inner));
    await rm(dir, { recursive: true, force: true });
  }
}

async function dropOldDatabases(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where starts_with(datname, $1)",
    [DATABASE_PREFIX],
  );
  const now = Date.now() / 3_600_000;
  for (const { datname } of rows) {
    const hours = Number(datname.slice(DATABASE_PREFIX.length).split("_")[0]);
    if (now - hours > KEPT_HOURS_MAX)
      await client.query(`drop database if exists ${datname} with (force)`);
  }
}

async function dropDatabases(client: pg.Client, like: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where datname like $1",
    [like],
  );
  for (const { datname } of rows)
    await client.query(`drop database if exists ${datname} with (force)`);
}

async function withClient(
  url: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.toString();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
