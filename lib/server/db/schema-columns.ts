import { bigint, customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** Text in byte order: one index then serves keyset pages and prefix search. */
export const textC = customType<{ data: string }>({
  dataType: () => 'text COLLATE "C"',
});
export const tsvector = customType<{ data: string }>({
  dataType: () => "tsvector",
});
export const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

export const instant = (name: string) =>
  timestamp(name, { withTimezone: true });
export const tenantId = () => uuid("tenant_id").notNull();
export const sourceId = () => uuid("source_id").notNull();
export const count = (name: string) =>
  bigint(name, { mode: "number" }).notNull().default(0);
