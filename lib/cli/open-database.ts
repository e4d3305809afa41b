import { setAppDb } from "@/lib/server/db/app-db";
import { createDb, createPool, type Db } from "@/lib/server/db/client";
import { migrate } from "@/lib/server/db/migrate";
import { env } from "@/lib/server/env";
import { startPostgres } from "@/lib/server/postgres/supervisor";

export type OpenDatabase = {
  url: string;
  db: Db;
  /** Resolves when the embedded server went away by itself; never with `DATABASE_URL`. */
  lost: Promise<void>;
  /** Starts the embedded server again after `lost`. */
  reopen(): Promise<void>;
  /** Ends the connections, and the embedded server unless another process uses it. */
  close(): Promise<void>;
};

/** The database of the settings: the embedded server is started or joined; the schema is brought up to date. */
export async function openDatabase(
  note: (line: string) => void,
): Promise<OpenDatabase> {
  const { DATABASE_URL, DATA_DIR } = env();
  const start = () => startPostgres({ dataDir: DATA_DIR, note });
  let server = DATABASE_URL ? undefined : await start();
  const url = server?.url ?? DATABASE_URL ?? "";
  try {
    await migrate(url);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  const pool = createPool(url);
  const db = createDb(pool);
  setAppDb(db);

  return {
    url,
    db,
    get lost() {
      return server?.lost ?? new Promise<void>(() => undefined);
    },
    async reopen() {
      server = await start();
    },
    async close() {
      setAppDb(undefined);
      await pool.end();
      await server?.stop();
    },
  };
}
