import { formatCount } from "@/lib/client/format-number";

/** Texts about recipes: the line above the columns, saving, and the list in the settings. */
export const RECIPE_TEXTS = {
  useIt: "Use it",
  startAfresh: "Start afresh",
  showColumns: "Show the columns",
  hideColumns: "Hide the columns",
  save: "Save as a recipe",
  saveHint: "The next file like this is then mapped by itself.",
  saveButton: "Save",
  cancel: "Cancel",
  nameLabel: "Name of the recipe",
  update: "Update the recipe",
  keepAsNew: "Save as a new recipe",
  renamed: "Read under another name",
  renamedHint: "A guess by name and place. Correct it if it is wrong.",
  notTheSame: "Not the same",
  gone: "Not in this file",
  goneHint: "What they filled is left as it is stored.",
  added: "New in this file",
  addedHint: "Ignored until you say what they are for.",
  useAdded: "Use them as suggested",
  reordered: "The columns are in another order; each was found by its name.",
  listTitle: "Recipes",
  listHint:
    "A recipe maps a file that comes again by itself. Save one when a file is imported.",
  listEmpty: "No recipe yet.",
  importFile: "Import a recipe file",
  importLabel: "Recipe file",
  exportFile: "Export",
  rename: "Rename",
  remove: "Delete",
  columns: "Columns",
  name: "Name",
  lastUsed: "Last used",
  savedBy: "Saved by",
  never: "Never",
  more: "More",
  unreachable: "The server could not be reached. Try again.",
} as const;

export const recipeTexts = {
  offered: (name: string, found: number, total: number): string =>
    `Recipe “${name}” fits ${found} of ${formatCount(total, "column")}.`,
  followed: (name: string): string => `Recipe “${name}” is used.`,
  drift: (counts: { renamed: number; gone: number; added: number }): string => {
    const parts = [
      counts.renamed > 0 ? `${counts.renamed} renamed` : "",
      counts.gone > 0 ? `${counts.gone} gone` : "",
      counts.added > 0 ? `${counts.added} new` : "",
    ].filter((part) => part !== "");
    return parts.length > 0 ? `Columns: ${parts.join(", ")}.` : "";
  },
  renamedTo: (from: string, to: string): string => `“${from}” is now “${to}”`,
  moreColumns: (count: number): string =>
    `and ${formatCount(count, "more column", "more columns")}`,
  stepsLost: (count: number): string =>
    `${formatCount(count, "change")} of the rows ${count === 1 ? "needs" : "need"} a column that is gone and ${count === 1 ? "is" : "are"} left out.`,
  changed: (name: string): string =>
    `The mapping is no longer that of recipe “${name}”.`,
  saved: (name: string): string => `Saved as recipe “${name}”.`,
  updated: (name: string): string => `Recipe “${name}” is updated.`,
  tooLarge: (fileName: string): string =>
    `${fileName} is too large to be a recipe file.`,
  imported: (name: string): string => `Recipe “${name}” was imported.`,
  actionsOf: (name: string): string => `Actions for recipe ${name}`,
  renameTitle: (name: string): string => `Rename “${name}”`,
  deleteTitle: (name: string): string => `Delete recipe “${name}”?`,
  deleteBody:
    "Entries and past imports stay. Files like this are then mapped from their headers again.",
};
