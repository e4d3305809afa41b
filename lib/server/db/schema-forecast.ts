import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";

import { instant, sourceId, tenantId, textC } from "./schema-columns";

/**
 * Entries that several batches of a forecast name, between two of them. Not
 * logged and soon swept: a forecast that loses them is started again. The
 * migration makes the table `UNLOGGED`, which has no word here.
 */
export const forecastEntries = pgTable(
  "forecast_entries",
  {
    tenantId: tenantId(),
    sourceId: sourceId(),
    forecastId: uuid("forecast_id").notNull(),
    key: textC("key").notNull(),
    /** JSON of a `RepeatedEntry`. */
    state: text("state").notNull(),
    touchedAt: instant("touched_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.sourceId, t.forecastId, t.key] }),
    index("forecast_entries_touched").on(t.touchedAt),
  ],
);
