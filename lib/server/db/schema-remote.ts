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
  bigint,
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
    /** Host and port of the URL, as `endpointHost` tells them: what `endpoint_hosts` is about. */
    host: text("host")
      .notNull()
      .generatedAlwaysAs(
        sql`substring(url from '^https?://([^/]+)') || case when url ~ '^https?://[^/]+:[0-9]+(/|$)' then '' when url like 'https:%' then ':443' else ':80' end`,
      ),
    createdBy: text("created_by").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/**
 * Hosts that failed lately, for all tenants together: a host that is down is
 * down for everybody. Knows of nobody who asks them.
 */
export const endpointHosts = pgTable("endpoint_hosts", {
  /** `ingest.example.com:443` */
  host: text("host").primaryKey(),
  /** Requests in a row that the host did not answer, or answered with a problem of its own. */
  failures: integer("failures").notNull().default(0),
  /** Until then it is asked nothing. */
  restsUntil: instant("rests_until"),
  /** Until then one request alone finds out whether the rest is over. */
  probeUntil: instant("probe_until"),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

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
    /** As the ledger has them: rows of the file, and how many entities. */
    firstRow: integer("first_row").notNull().default(0),
    lastRow: integer("last_row").notNull().default(0),
    entities: integer("entities").notNull().default(0),
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

/**
 * What an endpoint answered to the requests of a batch, every one of every try:
 * those that went on, those that were refused, and those for a token. Bounded
 * by `writeAnswers`, which counts what it does not keep.
 */
export const remoteAnswers = pgTable(
  "remote_answers",
  {
    tenantId: tenantId(),
    runId: uuid("run_id").notNull(),
    sequence: integer("sequence").notNull(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    sourceId: sourceId(),
    /** Which try of the batch, from 1 on. */
    attempt: integer("attempt").notNull(),
    /** `token` or `import`. */
    asked: text("asked").notNull(),
    /** Of the entities of the batch, from 0 on: first and last that the request held, and how many. */
    fromAt: integer("from_at").notNull(),
    toAt: integer("to_at").notNull(),
    entities: integer("entities").notNull(),
    /** As `RemoteAnswer` has them. */
    outcome: text("outcome").notNull(),
    status: integer("status"),
    requestId: text("request_id"),
    excerpt: text("excerpt").notNull(),
    ms: integer("ms").notNull(),
    at: instant("at").notNull(),
    /** Later answers that were like this one and are not kept, and when the last of them came. */
    more: integer("more").notNull().default(0),
    lastAt: instant("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.runId, t.sequence, t.id] })],
);
