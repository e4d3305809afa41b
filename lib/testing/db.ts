import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";
import { inject } from "vitest";

import { setAppDb } from "@/lib/server/db/app-db";
import { createDb, createPool, type Db } from "@/lib/server/db/client";

export type TestDb = { db: Db; url: string; close(): Promise<void> };

const CLONE_TRIES_MAX = 20;

/**
 * A migrated database of this test file's own, cloned from the run's template
 * in about 50 ms. It is also what `appDb()` gives until `close`.
 */
export async function createTestDb(): Promise<TestDb> {
  const name = `${inject("templateName")}_${randomUUID().slice(0, 8)}`;
  await clone(name);

  const address = new URL(inject("serverUrl"));
  address.pathname = `/${name}`;
  const url = address.toString();
  const pool = createPool(url);
  const db = createDb(pool);
  setAppDb(db);

  return {
    db,
    url,
    async close() {
      setAppDb(undefined);
      await pool.end();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function clone(name: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await onServer(
        `create database ${name} template ${inject("templateName")}`,
      );
    } catch (error) {
      // 55006: another file clones the template at this very moment.
      const isBusy = (error as { code?: string }).code === "55006";
      if (!isBusy || tried >= CLONE_TRIES_MAX) throw error;
      await delay(50 * tried);
    }
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("serverUrl") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
