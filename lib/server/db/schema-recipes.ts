import { sql } from "drizzle-orm";
import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { bytea, instant, sourceId, tenantId } from "./schema-columns";

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

/** The runs that followed a recipe: whether a snapshot is still what was accepted last. */
export const recipeRuns = pgTable(
  "recipe_runs",
  {
    tenantId: tenantId(),
    recipeId: uuid("recipe_id").notNull(),
    runId: uuid("run_id").notNull(),
    /** The snapshot whose unchanged entities the run leaves out: kept while the run is open. */
    onlyChangedSince: uuid("only_changed_since"),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.recipeId, t.runId] })],
);

/** What the entities and columns of a file were, uploaded before its batches; counts once its run has finished. */
export const recipeSnapshots = pgTable(
  "recipe_snapshots",
  {
    tenantId: tenantId(),
    id: uuid("id").notNull(),
    recipeId: uuid("recipe_id").notNull(),
    runId: uuid("run_id").notNull(),
    keys: integer("keys").notNull(),
    /** `fileMeasuresSchema` in lib/domain/column-measures.ts. */
    measures: jsonb("measures").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** When its last part came. */
    completedAt: instant("completed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("recipe_snapshots_run").on(t.tenantId, t.recipeId, t.runId),
    index("recipe_snapshots_run_id").on(t.tenantId, t.runId),
  ],
);

/** Hashes of keys and entities, sorted by key: see lib/importer/entry-hashes.ts. */
export const recipeSnapshotParts = pgTable(
  "recipe_snapshot_parts",
  {
    tenantId: tenantId(),
    snapshotId: uuid("snapshot_id").notNull(),
    part: integer("part").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.snapshotId, t.part] })],
);
