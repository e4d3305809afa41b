import {
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";

import { instant, tenantId } from "./schema-columns";

/** The ledger: a batch is in it if and only if it was applied. Written in the batch's own transaction. */
export const runBatches = pgTable(
  "run_batches",
  {
    tenantId: tenantId(),
    runId: uuid("run_id").notNull(),
    sequence: integer("sequence").notNull(),
    /** SHA-256 of the body, hex. */
    hash: text("hash").notNull(),
    bytes: integer("bytes").notNull(),
    entities: integer("entities").notNull(),
    created: integer("created").notNull(),
    updated: integer("updated").notNull(),
    unchanged: integer("unchanged").notNull(),
    deleted: integer("deleted").notNull(),
    /** First and last row of the file, as the spreadsheet numbers them. */
    firstRow: integer("first_row").notNull(),
    lastRow: integer("last_row").notNull(),
    ms: integer("ms").notNull(),
    /** What became of each entity, a letter each in the batch's order; see lib/domain/outcome.ts. */
    outcomes: text("outcomes"),
    /** Of the entities: those that were refused and set aside, and the rows of the file they came from. */
    aside: integer("aside").notNull().default(0),
    asideRows: integer("aside_rows").notNull().default(0),
    /** `SetAside[]`, where there are any. */
    setAside: jsonb("set_aside"),
    /** Of a remote source: `RemoteAnswer` to the last of how many tries. */
    answer: jsonb("answer"),
    attempts: integer("attempts").notNull().default(1),
    at: instant("at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.runId, t.sequence] })],
);
