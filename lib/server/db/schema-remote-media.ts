import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { instant, tenantId } from "./schema-columns";
import { endpoints } from "./schema-remote";

/**
 * Links that were handed over for an endpoint, and what is known of the files
 * that it makes of them: the row is the record, and while it is open, its job.
 * A table of its own, so that nothing that serves or fetches our files meets them.
 */
export const remoteFiles = pgTable(
  "remote_files",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    endpointId: uuid("endpoint_id").notNull(),
    submissionId: uuid("submission_id").notNull(),
    link: text("link").notNull(),
    filename: text("filename").notNull(),
    /** Of every link, so that one that is sent twice makes one file. */
    uniqueIdentifier: text("unique_identifier").notNull(),
    isIdentifierMade: boolean("is_identifier_made").notNull(),
    /** The file there that is deleted before the link is sent. */
    replaces: text("replaces"),
    /** `created`: to be sent; `progress`: taken there, asked after until it is there. */
    state: text("state")
      .$type<"created" | "progress" | "failed" | "cancelled" | "completed">()
      .notNull(),
    /** As the endpoint told them; nobody has checked them. */
    uploadId: text("upload_id"),
    fileId: text("file_id"),
    publicUrl: text("public_url"),
    mimeType: text("mime_type"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    arrivedBytes: bigint("arrived_bytes", { mode: "number" })
      .notNull()
      .default(0),
    /** `RemoteNote` of the last answer that was no success. */
    note: jsonb("note"),
    /** Requests in a row that brought no verdict. */
    attempts: integer("attempts").notNull().default(0),
    /** How often it was looked for there. */
    lookups: integer("lookups").notNull().default(0),
    /** When it was sent first: it may be there since then, whatever was answered. */
    sentAt: instant("sent_at"),
    acceptedAt: instant("accepted_at"),
    /** When it may be sent or looked for; while somebody does, when that one is given up. */
    dueAt: instant("due_at").notNull().defaultNow(),
    leaseId: uuid("lease_id"),
    isHeld: boolean("is_held").notNull().default(false),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    completedAt: instant("completed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.endpointId],
      foreignColumns: [endpoints.tenantId, endpoints.id],
    }).onDelete("cascade"),
    // Two on their way at once would be one file; of ended ones the endpoint knows.
    uniqueIndex("remote_files_identifier")
      .on(t.tenantId, t.endpointId, t.uniqueIdentifier)
      .where(sql`state in ('created', 'progress')`),
    index("remote_files_due")
      .on(t.dueAt)
      .where(sql`state in ('created', 'progress') and not is_held`),
    index("remote_files_leased")
      .on(t.leaseId)
      .where(sql`lease_id is not null`),
    index("remote_files_created").on(
      t.tenantId,
      t.endpointId,
      t.createdAt.desc(),
      t.id,
    ),
    index("remote_files_submission").on(t.tenantId, t.submissionId, t.state),
  ],
);
