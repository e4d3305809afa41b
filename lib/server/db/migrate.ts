import "server-only";

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { drizzle } from "drizzle-orm/node-postgres";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

import { AppError } from "@/lib/domain/errors";

const MIGRATIONS_DIR = join(import.meta.dirname, "migrations");
// Drizzle's migrator crashes when two processes run it at once (storage.md 8).
const MIGRATION_LOCK = 7_226_002;
const VERSION_MIN = 150_000;

type Options = {
  /** Tests may use a server that does not sync to disk. */
  needsFsync?: boolean;
};

/**
 * Brings the database up to this Studio's schema and makes the first tenant.
 * Several processes may call it at once: one works, the others wait.
 *
 * @throws {AppError} `unavailable` when the server is away, older than
 *   PostgreSQL 15, runs with `fsync=off`, or holds a newer Studio's schema.
 */
export async function migrate(
  url: string,
  { needsFsync = true }: Options = {},
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "source-studio migrate",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new AppError("unavailable", awaySentence(url, cause), { cause });
  }
  try {
    await checkServer(client, needsFsync);
    // Lock and migration share the connection, so the lock ends with it.
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await checkNotNewer(client);
    await applyMigrations(drizzle(client), {
      migrationsFolder: MIGRATIONS_DIR,
    });
    await createFirstTenant(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkServer(
  client: pg.Client,
  needsFsync: boolean,
): Promise<void> {
  const { rows } = await client.query<{
    version: number;
    name: string;
    fsync: string;
  }>(
    `select current_setting('server_version_num')::int as version,
            current_setting('server_version') as name,
            current_setting('fsync') as fsync`,
  );
  const server = rows[0];
  if (!server || server.version < VERSION_MIN) {
    throw new AppError(
      "unavailable",
      `The database server is PostgreSQL ${server?.name ?? "of unknown version"}, and the Studio needs 15 or newer. Point DATABASE_URL at a newer server.`,
    );
  }
  if (needsFsync && server.fsync !== "on") {
    throw new AppError(
      "unavailable",
      "The database server runs with fsync=off, so a power cut would lose or damage stored entries. Set fsync=on in its postgresql.conf and restart it.",
    );
  }
}

async function checkNotNewer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (!rows[0]?.exists) return;

  const ours = readMigrationFiles({ migrationsFolder: MIGRATIONS_DIR });
  const newest = Math.max(...ours.map(({ folderMillis }) => folderMillis));
  const applied = await client.query(
    "select from drizzle.__drizzle_migrations where created_at > $1",
    [newest],
  );
  if (applied.rowCount) {
    throw new AppError(
      "unavailable",
      "The database was made by a newer version of the Studio. Start that version, or restore a backup from before the update.",
    );
  }
}

async function createFirstTenant(client: pg.Client): Promise<void> {
  await client.query(
    `insert into tenants (id, name)
     select $1::uuid, 'Main' where not exists (select from tenants)`,
    [randomUUID()],
  );
}

function awaySentence(url: string, cause: unknown): string {
  const code = (cause as { code?: string }).code ?? "";
  const place = withoutPassword(url);
  if (code.startsWith("28"))
    return `The database ${place} refuses the user or password in DATABASE_URL. Correct it, then start again.`;
  if (code === "3D000")
    return `The database in DATABASE_URL does not exist (${place}). Create it, or name another one.`;
  return `The database ${place} does not answer (${code || "no connection"}). Start it or correct DATABASE_URL, then start again.`;
}

/** Host, port and database of an address; nothing that signs in. */
function withoutPassword(url: string): string {
  try {
    const { host, pathname, searchParams } = new URL(url);
    return `${searchParams.get("host") ?? host}${pathname}`;
  } catch {
    // An address that only `pg` understands; better say nothing than a secret.
    return "in DATABASE_URL";
  }
}
