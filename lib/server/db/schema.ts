import { sql } from "drizzle-orm";
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";

import {
  count,
  instant,
  sourceId,
  tenantId,
  textC,
  tsvector,
} from "./schema-columns";

export const tenants = pgTable("tenants", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** Signing in finds the tenant by e-mail: so an address is unique over all tenants. */
export const users = pgTable(
  "users",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    email: text("email").notNull(),
    name: text("name").notNull().default(""),
    role: text("role").$type<"admin" | "editor" | "viewer">().notNull(),
    passwordHash: text("password_hash").notNull(),
    /** Raised to end all sessions of the user. */
    sessionGeneration: integer("session_generation").notNull().default(1),
    disabledAt: instant("disabled_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastSignedInAt: instant("last_signed_in_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("users_email").on(t.email),
  ],
);

/** Sessions that were signed out of before they ran out. */
export const endedSessions = pgTable(
  "ended_sessions",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const sources = pgTable(
  "sources",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    identifier: text("identifier").notNull(),
    name: text("name").notNull(),
    originSystem: text("origin_system").notNull().default(""),
    description: text("description").notNull().default(""),
    /** Where its entries really are; then the rows of `entries` are what was accepted there through this Studio. */
    endpointId: uuid("endpoint_id"),
    createdBy: text("created_by").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    // Contract 6: matched and unique without regard to case.
    uniqueIndex("sources_identifier")
      .on(t.tenantId, sql`lower(${t.identifier})`)
      .where(sql`endpoint_id is null`),
    uniqueIndex("sources_remote_identifier")
      .on(t.tenantId, t.endpointId, sql`lower(${t.identifier})`)
      .where(sql`endpoint_id is not null`),
  ],
);

/** One row a source, made with it: the lock of its imports and its exact entry count. */
export const sourceStats = pgTable(
  "source_stats",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    entries: count("entries"),
    lastImportAt: instant("last_import_at"),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId] })],
);

export const entries = pgTable(
  "entries",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    key: textC("key").notNull(),
    /** `{"id:language": text}`; see `valueName` in lib/domain/identifiers.ts. */
    properties: jsonb("properties").notNull(),
    /**
     * `{"id:language": epoch milliseconds}` of values changed after the entry was
     * created; `*` stands for all values that have no time of their own.
     */
    changedAt: jsonb("changed_at").notNull().default({}),
    version: bigint("version", { mode: "number" }).notNull().default(1),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.key] })],
);

/**
 * What a source has seen. `prop` is `id:language` (`id:` without language) with
 * the exact number of entries that have that value, and `id:*` with the number
 * that have the id in any language. `*` is no legal language.
 */
export const sourceProperties = pgTable(
  "source_properties",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    prop: textC("prop").notNull(),
    entries: count("entries"),
    firstSeen: instant("first_seen").notNull().defaultNow(),
    lastSeen: instant("last_seen").notNull().defaultNow(),
    /** A recent value, cut to 200 characters. */
    sample: text("sample"),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.prop] })],
);

/** Keys whose words are not indexed yet: one row an import batch, written in its transaction. */
export const searchJobs = pgTable(
  "search_jobs",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    id: uuid("id").notNull(),
    keys: text("keys").array().notNull(),
    /** Counting a stored array reads all of it; every search asks how many keys wait. */
    keyCount: integer("key_count").generatedAlwaysAs(sql`cardinality(keys)`),
    at: instant("at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.sourceId, t.id] }),
    index("search_jobs_at").on(t.at),
  ],
);

/** The words of each entry, made in the background from `search_jobs`. */
export const entrySearch = pgTable(
  "entry_search",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    key: textC("key").notNull(),
    words: tsvector("words").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.sourceId, t.key] }),
    index("entry_search_words").using("gin", t.words),
  ],
);

export const providers = pgTable(
  "providers",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    createdBy: text("created_by").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    // The token endpoint is called with the id alone and finds the tenant by it.
    index("providers_id").on(t.id),
  ],
);

export const providerSources = pgTable(
  "provider_sources",
  {
    tenantId: tenantId(),
    providerId: uuid("provider_id").notNull(),
    sourceId: sourceId(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.providerId, t.sourceId] }),
    index("provider_sources_source").on(t.tenantId, t.sourceId),
  ],
);

/** Live secrets, at most two a provider. Revoking one deletes its row and its tokens. */
export const providerSecrets = pgTable(
  "provider_secrets",
  {
    tenantId: tenantId(),
    providerId: uuid("provider_id").notNull(),
    id: uuid("id").notNull(),
    /** HMAC-SHA-256 of the secret under a key outside the database, hex. */
    hash: text("hash").notNull(),
    last4: varchar("last4", { length: 4 }).notNull(),
    createdBy: text("created_by").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.providerId, t.id] })],
);

/** Access tokens. The hash finds the tenant. */
export const accessTokens = pgTable(
  "access_tokens",
  {
    /** HMAC-SHA-256 of the token, hex. */
    hash: text("hash").primaryKey(),
    tenantId: tenantId(),
    providerId: uuid("provider_id").notNull(),
    secretId: uuid("secret_id").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    index("access_tokens_provider").on(t.tenantId, t.providerId),
    index("access_tokens_expires").on(t.expiresAt),
  ],
);

/** The log of the ingest API: one row an import, a repeat within 3 minutes folded into it. */
export const imports = pgTable(
  "imports",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    id: uuid("id").notNull(),
    providerId: uuid("provider_id").notNull(),
    status: text("status").$type<"accepted" | "refused">().notNull(),
    requestId: text("request_id").notNull(),
    correlationId: text("correlation_id"),
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 of the body, hex. */
    bodyHash: text("body_hash").notNull(),
    bytes: integer("bytes").notNull(),
    entities: integer("entities").notNull().default(0),
    created: integer("created").notNull().default(0),
    updated: integer("updated").notNull().default(0),
    unchanged: integer("unchanged").notNull().default(0),
    deleted: integer("deleted").notNull().default(0),
    ms: integer("ms").notNull().default(0),
    /** Advice passed over: `entities_advised`, `bytes_advised`. */
    flags: text("flags").array().notNull().default([]),
    /** Of a refused import: the errors as they were answered. */
    problems: jsonb("problems"),
    repeats: integer("repeats").notNull().default(1),
    at: instant("at").notNull().defaultNow(),
    lastAt: instant("last_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.sourceId, t.id] }),
    index("imports_at").on(t.tenantId, t.sourceId, t.at.desc()),
    // By the hash first: see CHECK_ACCEPTED in lib/server/import-log/log-sql.ts.
    index("imports_body_hash").on(t.bodyHash),
    uniqueIndex("imports_idempotency")
      .on(t.tenantId, t.sourceId, t.providerId, t.idempotencyKey)
      .where(sql`idempotency_key is not null`),
  ],
);

/** One import of a spreadsheet through the Studio. */
export const importRuns = pgTable(
  "import_runs",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    sourceId: sourceId(),
    kind: text("kind").$type<"import" | "undo">().notNull().default("import"),
    /** Of a run that takes another one back: that one. */
    undoOf: uuid("undo_of"),
    status: text("status")
      .$type<"running" | "paused" | "finished" | "cancelled">()
      .notNull(),
    actorId: uuid("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    fileName: text("file_name").notNull(),
    fileBytes: bigint("file_bytes", { mode: "number" }).notNull(),
    fileHash: text("file_hash").notNull(),
    /** How the file was read: encoding, delimiter, header row. */
    tableOptions: jsonb("table_options").notNull(),
    mapping: jsonb("mapping").notNull(),
    /** Headers by column, for the pages that show the mapping later. */
    headers: jsonb("headers").notNull(),
    /** What the check found: rows, rejected, skipped, entities, batches, grouped issues. */
    check: jsonb("check").notNull(),
    batchesTotal: integer("batches_total").notNull(),
    /** The run whose rejected rows this one's file holds. */
    continues: uuid("continues"),
    /** The browser tab that sends, and until when nobody else may. */
    leaseOwner: text("lease_owner"),
    leaseActorName: text("lease_actor_name"),
    leaseUntil: instant("lease_until"),
    startedAt: instant("started_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("import_runs_started").on(t.tenantId, t.startedAt.desc()),
    index("import_runs_source").on(t.tenantId, t.sourceId, t.startedAt.desc()),
    // A run is undone once; an undo that was cancelled half-way may be made again.
    uniqueIndex("import_runs_undo")
      .on(t.tenantId, t.undoOf)
      .where(sql`undo_of is not null and status <> 'cancelled'`),
    index("import_runs_continues")
      .on(t.tenantId, t.continues)
      .where(sql`continues is not null`),
  ],
);

export { runBatches } from "./schema-ledger";
export {
  endpointHosts,
  endpoints,
  remoteAnswers,
  remoteBatches,
} from "./schema-remote";
export { mediaSubmissions } from "./schema-media-submissions";
export { remoteFiles } from "./schema-remote-media";
export {
  recipeRuns,
  recipes,
  recipeSnapshotParts,
  recipeSnapshots,
} from "./schema-recipes";
export { runUndo } from "./schema-undo";
export { forecastEntries } from "./schema-forecast";

/**
 * Media files, from the moment they are asked for: the row is the record, and
 * while a link is not fetched yet, its job. The id of an upload is the id of its file.
 */
export const mediaFiles = pgTable(
  "media_files",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    uniqueIdentifier: text("unique_identifier"),
    filename: text("filename").notNull(),
    origin: text("origin").$type<"link" | "upload">().notNull(),
    state: text("state")
      .$type<"created" | "progress" | "failed" | "cancelled" | "completed">()
      .notNull(),
    sourceUrl: text("source_url"),
    /** Of a link: `host:port`, which is fetched from over few connections at once. */
    host: text("host"),
    /** Bytes the file is said to have; of a completed one, has. */
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    /** Bytes that have arrived. */
    arrivedBytes: count("arrived_bytes"),
    /** As the sender named it until the content says better. */
    mimeType: text("mime_type"),
    extension: text("extension").notNull().default(""),
    mediaInfo: jsonb("media_info"),
    /** SHA-256 of the content, hex. */
    contentHash: text("content_hash"),
    /** Where the bytes are in the file store; of completed files only. */
    storageKey: text("storage_key"),
    failureCode: text("failure_code"),
    /** The HTTP status that the remote server answered, where that is the failure. */
    failureStatus: integer("failure_status"),
    attempts: integer("attempts").notNull().default(0),
    /** When a link may be fetched, or fetched again: while it is leased, the lease's end. When an unfinished upload expires. */
    dueAt: instant("due_at"),
    leaseId: uuid("lease_id"),
    leaseUntil: instant("lease_until"),
    /** One press of "send" in the Studio; its page watches them together. */
    submissionId: uuid("submission_id"),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    completedAt: instant("completed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    // A public address names tenant and file; the unfinished and the failed hold no identifier.
    uniqueIndex("media_files_identifier")
      .on(t.tenantId, t.uniqueIdentifier)
      .where(
        sql`unique_identifier is not null and state in ('created', 'progress', 'completed')`,
      ),
    index("media_files_due")
      .on(t.dueAt)
      .where(sql`state in ('created', 'progress')`),
    index("media_files_host_due")
      .on(t.host, t.dueAt)
      .where(sql`origin = 'link' and state in ('created', 'progress')`),
    // Few rows: downloads that run just now are counted by host in it.
    index("media_files_leased")
      .on(t.host)
      .where(sql`lease_id is not null`),
    index("media_files_created").on(t.tenantId, t.createdAt.desc(), t.id),
    // With the state: the files of a submission are counted in the index alone.
    index("media_files_submission").on(t.tenantId, t.submissionId, t.state),
  ],
);

/** The chunks of an unfinished upload: each arrived whole, and they follow one another without a gap. */
export const mediaParts = pgTable(
  "media_parts",
  {
    tenantId: tenantId(),
    fileId: uuid("file_id").notNull(),
    /** Of the first byte, counted from the start of the file. */
    startAt: bigint("start_at", { mode: "number" }).notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    storageKey: text("storage_key").notNull(),
    /** SHA-256 of the chunk, hex: tells a chunk sent twice from another one. */
    contentHash: text("content_hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.fileId, t.startAt] })],
);

export const auditLog = pgTable(
  "audit_log",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    at: instant("at").notNull().defaultNow(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** `source.created`, `provider.secret_rotated` … */
    action: text("action").notNull(),
    objectId: text("object_id").notNull(),
    /** Never with a secret in it. */
    details: jsonb("details").notNull().default({}),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("audit_log_at").on(t.tenantId, t.at.desc()),
  ],
);

/** Owned by rate-limiter-flexible; the columns are its own. */
export const rateLimits = pgTable("rate_limits", {
  key: varchar("key", { length: 255 }).primaryKey(),
  points: integer("points").notNull().default(0),
  expire: bigint("expire", { mode: "number" }),
});
