import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Context } from "@/lib/server/context";
import { createDb, createPool } from "@/lib/server/db/client";
import { migrate } from "@/lib/server/db/migrate";
import {
  removePostgres,
  startPostgres,
} from "@/lib/server/postgres/supervisor";

export type BenchTenant = {
  ctx: Context;
  dataDir: string;
  databaseUrl: string;
  pool: ReturnType<typeof createPool>;
  /** Ends the database and removes the folder. */
  close: () => Promise<void>;
};

/**
 * A database of the bench's own in a folder of its own, which becomes `DATA_DIR`
 * of this process, and the tenant that the migration makes; a command acts.
 */
export async function openBenchTenant(): Promise<BenchTenant> {
  const dataDir = await mkdtemp(join(tmpdir(), "source-studio-bench-"));
  process.env.DATA_DIR = dataDir;
  const postgres = await startPostgres({ dataDir });
  const pool = createPool(postgres.url);
  const close = async () => {
    await pool.end();
    await postgres.stop();
    await removePostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(postgres.url);
    const db = createDb(pool);
    const [tenant] = await db.rows<{ id: string }>("select id from tenants");
    if (!tenant) throw new Error("The migration makes a tenant.");
    const actor = { type: "command", id: "bench", name: "bench" } as const;
    const ctx: Context = { tenantId: tenant.id, actor, db };
    return { ctx, dataDir, databaseUrl: postgres.url, pool, close };
  } catch (error) {
    await close();
    throw error;
  }
}
