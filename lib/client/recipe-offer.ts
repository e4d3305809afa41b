import { keptValue, type ColumnMeasure } from "@/lib/domain/column-measures";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import {
  isSameRecipe,
  recipeOf,
  type RecipeSummary,
  type StoredRecipe,
} from "@/lib/domain/recipe";
import {
  columnDrift,
  hasDrifted,
  mappingForFile,
  type ColumnDrift,
} from "@/lib/domain/recipe-drift";
import {
  bestRecipe,
  fitRecipe,
  matchHeaders,
  type RecipeFit,
} from "@/lib/domain/recipe-fit";
import type { RecipeSnapshot } from "@/lib/domain/recipe-snapshot";
import type { TablePreview } from "@/lib/importer/messages";

const SAMPLE_ROWS = 50;

/** A recipe with what the columns of its last file held, where that is known. */
export type KnownRecipe = StoredRecipe & { lastColumns?: ColumnMeasure[] };

/** The recipe that fits an open file best. */
export type OfferedRecipe = { stored: KnownRecipe; fit: RecipeFit };

export type RecipeDesk = {
  list: () => Promise<readonly RecipeSummary[]>;
  get: (id: string) => Promise<StoredRecipe>;
  /** What the last file held; `null` before there is one. */
  lastFile: (id: string) => Promise<Pick<RecipeSnapshot, "measures"> | null>;
};

/**
 * The recipe of the source that fits a file best, if one does. A recipe whose
 * header stands in another row is compared with that row.
 */
export async function offerRecipe(
  desk: RecipeDesk,
  preview: TablePreview,
): Promise<OfferedRecipe | undefined> {
  const recipes = await desk.list();
  const best = bestRecipe(recipes, preview.headers);
  const elsewhere = best?.isExact ? undefined : exactInOwnRow(recipes, preview);
  const id = elsewhere?.id ?? best?.recipeId;
  if (id === undefined) return undefined;
  const stored = await desk.get(id);
  const headers = elsewhere ? stored.headers : preview.headers;
  const fit = fitRecipe(stored, headers);
  if (fit.isExact) return { stored, fit };
  // Which columns were renamed shows in their values; without them in their names.
  const last = await desk.lastFile(id).catch(() => null);
  const lastColumns = last?.measures.columns;
  return { stored: { ...stored, ...(lastColumns && { lastColumns }) }, fit };
}

/** How the file must be read for the offered recipe, where that differs from how it was read. */
export function readingFor(
  { stored, fit }: OfferedRecipe,
  { options, isEncodingCertain }: TablePreview,
): Partial<TableOptions> | undefined {
  if (!fit.isExact) return undefined;
  const wanted = stored.recipe.tableOptions;
  const encoding = isEncodingCertain ? options.encoding : wanted.encoding;
  const isSame =
    wanted.headerRow === options.headerRow &&
    wanted.quotes === options.quotes &&
    encoding === options.encoding;
  return isSame
    ? undefined
    : {
        ...options,
        encoding,
        headerRow: wanted.headerRow,
        quotes: wanted.quotes,
      };
}

/** How the columns of an open file differ from those of its recipe. */
export function driftOf(
  stored: KnownRecipe,
  opened: { preview: TablePreview; suggested: ColumnMapping },
): ColumnDrift {
  const { headers, firstRows, options } = opened.preview;
  const rows = firstRows
    .filter(({ rowNumber }) => rowNumber > options.headerRow)
    .slice(0, SAMPLE_ROWS);
  return columnDrift({
    recipe: stored.recipe,
    headers,
    suggested: opened.suggested,
    samples: headers.map((_, column) =>
      rows.map(({ cells }) => keptValue(cells[column] ?? "")),
    ),
    remembered: valuesOf(stored),
  });
}

/** Values that each column of the recipe had in the last file; of columns with many different ones none are known. */
function valuesOf({ recipe, lastColumns }: KnownRecipe): string[][] {
  if (!lastColumns) return [];
  const names = lastColumns.map(({ header }) => header);
  return matchHeaders(recipe.headers, names).map((at) =>
    (lastColumns[at]?.values ?? []).map(([value]) => value),
  );
}

/** The mapping that the recipe gives for an open file. */
export function mappingOf(
  stored: KnownRecipe,
  opened: { preview: TablePreview; suggested: ColumnMapping },
): ColumnMapping {
  const width = opened.preview.headers.length;
  const drift = driftOf(stored, opened);
  const { mapping } = mappingForFile(stored.recipe, drift, width);
  return { ...mapping, recipe: { id: stored.id } };
}

/** Whether an open file is mapped just as the recipe says, with the very columns that it knows. */
export function isAsSaved(
  stored: KnownRecipe,
  opened: {
    preview: TablePreview;
    suggested: ColumnMapping;
    mapping: ColumnMapping;
  },
): boolean {
  const { headers, options } = opened.preview;
  const { headerRow, quotes } = stored.recipe.tableOptions;
  const isReadSo = options.headerRow === headerRow && options.quotes === quotes;
  if (!isReadSo || hasDrifted(driftOf(stored, opened))) return false;
  const now = recipeOf({ headers, options, mapping: opened.mapping });
  const mapping = mappingOf(stored, opened);
  return isSameRecipe(recipeOf({ headers, options, mapping }), now);
}

function exactInOwnRow(
  recipes: readonly RecipeSummary[],
  { firstRows, options }: TablePreview,
): RecipeSummary | undefined {
  return recipes.find((recipe) => {
    if (recipe.headerRow === options.headerRow || recipe.headerRow === 0) {
      return false;
    }
    const row = firstRows.find(
      ({ rowNumber }) => rowNumber === recipe.headerRow,
    );
    return row !== undefined && fitRecipe(recipe, row.cells).isExact;
  });
}
