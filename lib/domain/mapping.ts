import { z } from "zod";

import { languageCodeSchema, propertyIdSchema } from "./identifiers";
import { TABLE_LIMITS } from "./limits";

/** As a property's language: take it from the row's language column. `*` is no legal code. */
export const ROW_LANGUAGE = "*";

/** What an empty cell does to the stored value: leave it, remove it, or make it the empty text. */
export const EMPTY_CELL = ["skip", "clear", "text"] as const;
export type EmptyCell = (typeof EMPTY_CELL)[number];

const languageSchema = z.union([
  z.literal(""),
  z.literal(ROW_LANGUAGE),
  languageCodeSchema,
]);

/** What one column of the file is used for. */
export const columnUseSchema = z.discriminatedUnion("as", [
  z.object({ as: z.literal("ignore") }),
  z.object({
    as: z.literal("key"),
    /** Also keep the cell as this property, or `null`. */
    property: propertyIdSchema.nullable(),
  }),
  z.object({
    as: z.literal("property"),
    id: propertyIdSchema,
    /** A code, `""` for none, or `ROW_LANGUAGE`. */
    language: languageSchema,
    emptyCell: z.enum(EMPTY_CELL),
  }),
  /** The row's language for every property whose language is `ROW_LANGUAGE`. */
  z.object({ as: z.literal("language") }),
  /** Yes deletes the entry of the row, no and empty do not. */
  z.object({ as: z.literal("delete") }),
]);

/** How rows become entities. By column position: headers may repeat. */
export const columnMappingSchema = z.object({
  columns: z.array(columnUseSchema).max(TABLE_LIMITS.columnsMax),
  /** Between the cells of several key columns, in column order. */
  keySeparator: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,5}$/, "Use at most 5 letters, digits, _ or -."),
  /**
   * A key that an earlier row had: `merge` applies both in file order, so later
   * cells win; `reject` names the later row as a problem and leaves it out.
   */
  repeatedKeys: z.enum(["merge", "reject"]),
});

export type ColumnUse = z.output<typeof columnUseSchema>;
export type ColumnMapping = z.output<typeof columnMappingSchema>;
