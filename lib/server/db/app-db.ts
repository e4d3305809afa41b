import "server-only";

import { env } from "@/lib/server/env";
import { embeddedUrl } from "@/lib/server/postgres/place";

import { createDb, createPool, type Db } from "./client";

// Next loads this module several times in one process; the pool must exist once.
const shared = globalThis as typeof globalThis & {
  sourceStudioDb?: Db | undefined;
};

/**
 * The process's one database. Connects with the first statement, not before:
 * `next build` opens modules too. Without `DATABASE_URL` it is the embedded
 * server of `DATA_DIR`, which somebody else must have started.
 */
export function appDb(): Db {
  return (shared.sourceStudioDb ??= createDb(createPool(appDatabaseUrl())));
}

/** Puts another database in its place: a test's, or a program's own pool. */
export function setAppDb(db: Db | undefined): void {
  shared.sourceStudioDb = db;
}

/** The address `appDb` connects to. May hold a password: not for logs. */
export function appDatabaseUrl(): string {
  const { DATABASE_URL, DATA_DIR } = env();
  return DATABASE_URL ?? embeddedUrl(DATA_DIR);
}
