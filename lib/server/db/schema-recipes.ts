import { sql } from "drizzle-orm";
import {
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { instant, sourceId, tenantId } from "./schema-columns";

/** A mapping with all its rules under a name, for files that come again. */
export const recipes = pgTable(
  "recipes",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    sourceId: sourceId(),
    name: text("name").notNull(),
    /** `recipeSchema` in lib/domain/recipe.ts, with its version. */
    recipe: jsonb("recipe").notNull(),
    authorName: text("author_name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("recipes_name").on(
      t.tenantId,
      t.sourceId,
      sql`lower(${t.name})`,
    ),
  ],
);
