import {
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";

import { instant, tenantId } from "./schema-columns";
import { endpoints } from "./schema-remote";

/** Each press of "send" in the Studio, so that its page is found again. */
export const mediaSubmissions = pgTable(
  "media_submissions",
  {
    tenantId: tenantId(),
    /** Chosen by the browser; `submission_id` of its files. */
    id: uuid("id").notNull(),
    /** Where the links go; null: to this Studio. */
    endpointId: uuid("endpoint_id"),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** Links that it has, also those that are still in the browser. */
    links: integer("links").notNull(),
    /** Links, from the first on, that were taken or refused. */
    answered: integer("answered").notNull().default(0),
    refused: integer("refused").notNull().default(0),
    /** Of an import run: links that had their file before, so that it has another submission. */
    known: integer("known").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** When its browser was last heard of. */
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("media_submissions_created").on(t.tenantId, t.createdAt.desc(), t.id),
    foreignKey({
      columns: [t.tenantId, t.endpointId],
      foreignColumns: [endpoints.tenantId, endpoints.id],
    }).onDelete("cascade"),
  ],
);
