import { sql } from "drizzle-orm";
import {
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";

import { instant, sourceId, tenantId } from "./schema-columns";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** Ingest APIs that somebody else runs, and the provider by which this Studio writes to them. */
export const endpoints = pgTable(
  "endpoints",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    providerId: text("provider_id").notNull(),
    /** As `sealSecret` writes it; `null` until one is entered, and after the address changed. */
    secretSealed: text("secret_sealed"),
    secretEnd: varchar("secret_end", { length: 8 }),
    /** Tries in a row that ended with the endpoint away or busy, and until when it is left alone. */
    failures: integer("failures").notNull().default(0),
    retryAt: instant("retry_at"),
    createdBy: text("created_by").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/**
 * Batches that a browser has handed over for a remote source and that are not
 * accepted there yet. When one is, its row goes and its line comes into the
 * ledger, in one transaction.
 */
export const remoteBatches = pgTable(
  "remote_batches",
  {
    tenantId: tenantId(),
    runId: uuid("run_id").notNull(),
    sequence: integer("sequence").notNull(),
    sourceId: sourceId(),
    endpointId: uuid("endpoint_id").notNull(),
    /** SHA-256 of the body as it was sent, hex. */
    hash: text("hash").notNull(),
    /** Bytes of the body; `body` is gzip of it. */
    bytes: integer("bytes").notNull(),
    body: bytea("body").notNull(),
    /** Waits for the batches of its run before it. */
    isOrdered: boolean("is_ordered").notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** When it may be sent; while somebody sends it, when that one is given up. */
    dueAt: instant("due_at").notNull().defaultNow(),
    leaseId: uuid("lease_id"),
    /** A person has to do something first; see `last_answer`. */
    isHeld: boolean("is_held").notNull().default(false),
    /** `RemoteAnswer` of the last try. */
    lastAnswer: jsonb("last_answer"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.runId, t.sequence] }),
    index("remote_batches_due")
      .on(t.dueAt)
      .where(sql`not is_held`),
  ],
);
