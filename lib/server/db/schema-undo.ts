import { index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

import { bytea, instant, tenantId } from "./schema-columns";

/**
 * What each batch of a run changed, as it was before: written in the batch's own
 * transaction, kept as long as the import log. See lib/domain/undo-record.ts.
 */
export const runUndo = pgTable(
  "run_undo",
  {
    tenantId: tenantId(),
    runId: uuid("run_id").notNull(),
    sequence: integer("sequence").notNull(),
    /** Entries that the batch created, changed or deleted. */
    entries: integer("entries").notNull(),
    /** Deflated JSON: keys, names, values from before. Null where they were too large to keep. */
    record: bytea("record"),
    /** Of each value that was written, `VALUE_HASH_BYTES` bytes. */
    hashes: bytea("hashes").notNull(),
    /** Of a batch that undoes: what it left because others had changed it, deflated JSON, and how much. */
    kept: bytea("kept"),
    keptCount: integer("kept_count").notNull().default(0),
    at: instant("at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.runId, t.sequence] }),
    index("run_undo_at").on(t.at),
  ],
);
