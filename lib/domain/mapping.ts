import { z } from "zod";

import { languageCodeSchema, propertyIdSchema } from "./identifiers";
import { keyRulesSchema } from "./key-rules";
import { TABLE_LIMITS } from "./limits";
import { headersAfter, stepProblems, tableStepsSchema } from "./table-steps";

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

/** `[cell, code]` pairs: a list, as a cell may be called `__proto__`. */
const languageCodesSchema = z
  .array(
    z.tuple([
      z.string().max(100),
      z.union([z.literal(""), languageCodeSchema]),
    ]),
  )
  .max(200);

/** `[cell, property id, language]`; language `""` leaves it to the value column. */
const propertyRenamesSchema = z
  .array(
    z.tuple([
      z.string().max(TABLE_LIMITS.headerCharsMax),
      propertyIdSchema,
      z.union([z.literal(""), languageCodeSchema]),
    ]),
  )
  .max(1_000);

/**
 * The column comes from an export of ours: an apostrophe at the beginning of a
 * cell is a mark and no part of the text (`markedCell`).
 */
const isMarkedSchema = z.boolean().optional();

/** What stands between the links of one cell; `""`: the cell is one link. */
export const LINK_SEPARATORS = ["", "|", ";", ",", " "] as const;
export type LinkSeparator = (typeof LINK_SEPARATORS)[number];

/**
 * The cells are links: their files are fetched into the media library, and the
 * property gets their addresses there.
 */
export const mediaUseSchema = z.object({
  /** Also keep the ids of the files, as this property, or `null`. */
  idProperty: propertyIdSchema.nullable(),
  separator: z.enum(LINK_SEPARATORS),
});
export type MediaUse = z.output<typeof mediaUseSchema>;

/** What one column of the file is used for. */
export const columnUseSchema = z.discriminatedUnion("as", [
  z.object({ as: z.literal("ignore") }),
  z.object({
    as: z.literal("key"),
    /** Also keep the cell as this property, or `null`. */
    property: propertyIdSchema.nullable(),
    isMarked: isMarkedSchema,
  }),
  z.object({
    as: z.literal("property"),
    id: propertyIdSchema,
    /** A code, `""` for none, or `ROW_LANGUAGE`. */
    language: languageSchema,
    emptyCell: z.enum(EMPTY_CELL),
    isMarked: isMarkedSchema,
    media: mediaUseSchema.optional(),
  }),
  /** The row's language for every property whose language is `ROW_LANGUAGE`. */
  z.object({
    as: z.literal("language"),
    /** What cells mean that are no language codes, such as `2` for sv; `""` for no language. */
    codes: languageCodesSchema.optional(),
  }),
  /** The cell names the property that the `pivotValue` columns of its row fill. */
  z.object({
    as: z.literal("pivotProperty"),
    /** A name that is no legal id is a problem of its row, or is written as one as `suggestPropertyId` does. */
    illegal: z.enum(["reject", "clean"]),
    renames: propertyRenamesSchema.optional(),
  }),
  /** The cell is the value of the property that the row names. */
  z.object({
    as: z.literal("pivotValue"),
    /** A code, `""` for none, or `ROW_LANGUAGE`: then an empty language cell means none. */
    language: languageSchema,
    emptyCell: z.enum(EMPTY_CELL),
  }),
  /** Yes deletes the entry of the row, no and empty do not. */
  z.object({ as: z.literal("delete") }),
]);

/** Which recipe an import follows, and what it need not send again. */
export const recipeUseSchema = z.object({
  id: z.uuid(),
  /** Leaves out entities that are as in this snapshot of the last accepted file. */
  onlyChangedSince: z.uuid().optional(),
});
export type RecipeUse = z.output<typeof recipeUseSchema>;

/** How rows become entities. By column position: headers may repeat. */
export const columnMappingSchema = z.object({
  /** Done to each row before anything else. */
  steps: tableStepsSchema.optional(),
  /** One for each column of the file, then one for each that a step adds. */
  columns: z.array(columnUseSchema).max(TABLE_LIMITS.columnsMax),
  /** Between the cells of several key columns, in column order. */
  keySeparator: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,5}$/, "Use at most 5 letters, digits, _ or -."),
  /** How each key cell is cleaned before the cells are joined; see `createKeyCleaner`. */
  keyRules: keyRulesSchema.optional(),
  /**
   * A key that an earlier row had: `merge` applies both in file order, so later
   * cells win; `reject` keeps the first and `last` the last, and names the
   * others as problems. Rows in different languages are no repetition.
   */
  repeatedKeys: z.enum(["merge", "reject", "last"]),
  /**
   * Key cells that differ and yet make one key, once cleaned or joined: those
   * of the `first` row own it (also when this is left out) or those of the
   * `last`, and rows with others are problems; `same` says that they mean one
   * entry, and `repeatedKeys` decides.
   */
  collapsedKeys: z.enum(["first", "last", "same"]).optional(),
  /** The recipe that the mapping was made from. No part of a recipe itself. */
  recipe: recipeUseSchema.optional(),
});

export type ColumnUse = z.output<typeof columnUseSchema>;
export type ColumnMapping = z.output<typeof columnMappingSchema>;

/**
 * Why a mapping cannot be used, as sentences for the person who made it; none
 * when it can. `fileHeaders` are the names of the file's columns, in their order.
 */
export function mappingProblems(
  mapping: ColumnMapping,
  fileHeaders: readonly string[],
): string[] {
  const { columns, steps = [] } = mapping;
  const problems = stepProblems(steps, fileHeaders);
  const headers = headersAfter(steps, fileHeaders);
  const name = (column: number) =>
    `“${(headers[column] ?? "").trim().slice(0, 80) || `column ${column + 1}`}”`;
  const using = (as: ColumnUse["as"]) =>
    columns.flatMap((use, column) => (use.as === as ? [column] : []));

  if (columns.length !== headers.length) {
    problems.push(
      `The mapping has ${columns.length} columns, the file has ${headers.length}. Open the file again.`,
    );
  }
  if (using("key").length === 0) {
    problems.push(
      "No column is the key. Choose the one that names each entry.",
    );
  }
  if (!keyRulesSchema.optional().safeParse(mapping.keyRules).success) {
    problems.push(
      "A rule that cleans the keys is not complete. Say which text it replaces, or remove the rule.",
    );
  }
  for (const as of ["delete", "language"] as const) {
    const found = using(as);
    if (found.length > 1) {
      problems.push(
        `${found.map(name).join(" and ")} are all ${as} columns. Keep one.`,
      );
    }
  }
  problems.push(...pivotProblems(columns, name));
  const rowLanguage = columns.findIndex(
    (use) =>
      (use.as === "property" || use.as === "pivotValue") &&
      use.language === ROW_LANGUAGE,
  );
  if (rowLanguage >= 0 && using("language").length === 0) {
    problems.push(
      `${name(rowLanguage)} takes its language from the row, but no column is the language. Choose that column, or give a language.`,
    );
  }
  problems.push(...targetProblems(columns, name));
  return problems;
}

/** The columns that name a property and the columns that hold its value belong together. */
function pivotProblems(
  columns: readonly ColumnUse[],
  name: (column: number) => string,
): string[] {
  const problems: string[] = [];
  const named: number[] = [];
  const values: { column: number; language: string }[] = [];
  for (const [column, use] of columns.entries()) {
    if (use.as === "pivotProperty") named.push(column);
    if (use.as !== "pivotValue") continue;
    const { language } = use;
    const clash = values.find((other) => canMeet(other.language, language));
    if (clash) {
      problems.push(
        `${name(clash.column)} and ${name(column)} both hold the value of the property that a row names${inLanguage(language)}. Give them different languages, or ignore one.`,
      );
    }
    values.push({ column, language });
  }
  if (named.length > 1) {
    problems.push(
      `${named.map(name).join(" and ")} all name the property of a row. Keep one.`,
    );
  }
  const [firstNamed] = named;
  const [firstValue] = values;
  if (firstNamed !== undefined && firstValue === undefined) {
    problems.push(
      `${name(firstNamed)} names the property of each row, but no column holds its value. Choose that column.`,
    );
  }
  if (firstValue !== undefined && firstNamed === undefined) {
    problems.push(
      `${name(firstValue.column)} holds the value of a property that the row names, but no column names it. Choose that column.`,
    );
  }
  return problems;
}

/** As `canFillSame`, for values of a property that the row names: there the row's language may also be none. */
export function canMeet(a: string, b: string): boolean {
  return a === b || a === ROW_LANGUAGE || b === ROW_LANGUAGE;
}

function inLanguage(language: string): string {
  return language === "" || language === ROW_LANGUAGE ? "" : ` in ${language}`;
}

/** Two columns must never fill the same value: which one won would be an accident. */
function targetProblems(
  columns: readonly ColumnUse[],
  name: (column: number) => string,
): string[] {
  const problems: string[] = [];
  const byId = new Map<string, { column: number; language: string }[]>();
  const canClash = rowMayHaveNoLanguage(columns) ? canMeet : canFillSame;

  for (const [column, use] of columns.entries()) {
    for (const target of targetsOf(use)) {
      const others = byId.get(target.id) ?? [];
      const clash = others.find(({ language }) =>
        canClash(language, target.language),
      );
      if (clash) {
        const language = target.language || clash.language;
        const where = inLanguage(language);
        problems.push(
          clash.column === column
            ? `${name(column)} fills the property ${target.id}${where} with addresses and with ids of files. Give the ids a property of their own.`
            : `${name(clash.column)} and ${name(column)} both fill the property ${target.id}${where}. Rename or ignore one.`,
        );
      }
      byId.set(target.id, [...others, { column, language: target.language }]);
    }
  }
  return problems;
}

/** The properties that a column fills, in its language: none, one, or for media files two. */
export function targetsOf(use: ColumnUse): { id: string; language: string }[] {
  if (use.as === "key" && use.property !== null) {
    return [{ id: use.property, language: "" }];
  }
  if (use.as !== "property") return [];
  const { id, language, media } = use;
  const ids = media?.idProperty ? [id, media.idProperty] : [id];
  return ids.map((each) => ({ id: each, language }));
}

/** Whether two languages of one property can meet in a row: the row's language may be any code, but never none. */
/** Whether the mapping says of some cell of its language column that it means no language. */
export function rowMayHaveNoLanguage(columns: readonly ColumnUse[]): boolean {
  return columns.some(
    (use) =>
      use.as === "language" && use.codes?.some(([, code]) => code === ""),
  );
}

/**
 * Whether two languages of one property can meet in a row: the row's language
 * may be any code, but never none. Where it may be none (`rowMayHaveNoLanguage`)
 * ask `canMeet`.
 */
export function canFillSame(a: string, b: string): boolean {
  if (a === b) return true;
  return (a === ROW_LANGUAGE && b !== "") || (b === ROW_LANGUAGE && a !== "");
}
