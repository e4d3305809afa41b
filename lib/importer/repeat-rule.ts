import type { EntityRow, MappedRow } from "@/lib/domain/map-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { RowIssue } from "@/lib/domain/row-issue";
import { notedText, type RowNotes } from "@/lib/domain/row-notes";

import { createKeySet } from "./key-set";
import { createKeyTable, type KeyTable } from "./key-table";
import { createRowIdentity } from "./row-identity";
import { hashText, type TextHash } from "./text-hash";

/** What only a look at the whole file tells. */
export type LastRows = {
  /** Two numbers a key: the hash of its key cells in the last row that has it. */
  rawByKey: KeyTable;
  /** One number: the last row that says the same of a key. */
  rowByScope: KeyTable;
};

/** Names why a row is left out for another row with its key; nothing when it is sent. */
export type RepeatRule = (
  cells: readonly string[],
  rowNumber: number,
  mapped: EntityRow,
) => RowIssue | undefined;

/** Whether the choices of a mapping need the last row of each key before the first is judged. */
export function needsLastRows(mapping: ColumnMapping): boolean {
  return (
    mapping.repeatedKeys === "last" ||
    (mapping.collapsedKeys === "last" && createRowIdentity(mapping).canCollapse)
  );
}

/** Notes what `LastRows` holds, row by row. */
export function createLastRows(mapping: ColumnMapping): {
  last: LastRows;
  note: (
    cells: readonly string[],
    rowNumber: number,
    mapped: EntityRow,
  ) => void;
} {
  const { raw, scope } = createScopes(mapping);
  const last = { rawByKey: createKeyTable(2), rowByScope: createKeyTable(1) };
  const hash: TextHash = { low: 0, high: 0 };
  return {
    last,
    note(cells, rowNumber, mapped) {
      if (mapping.collapsedKeys === "last" && raw) {
        hashText(raw(cells), hash);
        const { place } = last.rawByKey.add(mapped.row[0]);
        last.rawByKey.set(place, 0, hash.low);
        last.rawByKey.set(place, 1, hash.high);
      }
      if (mapping.repeatedKeys === "last") {
        const { place } = last.rowByScope.add(scope(cells, mapped));
        last.rowByScope.set(place, 0, rowNumber);
      }
    },
  };
}

/**
 * Makes the judge of the rows of one pass, which takes them in file order;
 * `undefined` when it would leave out none. First it settles whose key it is,
 * where key cells that differ make one key (`collapsedKeys`), then which row
 * of it counts (`repeatedKeys`). Rows that say a key in another language are
 * no repetition. `last` must be there when `needsLastRows`.
 */
export function createRepeatRule(
  mapping: ColumnMapping,
  last: LastRows | undefined,
): RepeatRule | undefined {
  const { raw, scope } = createScopes(mapping);
  if (!raw && mapping.repeatedKeys === "merge") return undefined;
  const column = mapping.columns.findIndex(({ as }) => as === "key");
  const seen = createKeySet();
  const owners = createKeyTable(2);
  const hash: TextHash = { low: 0, high: 0 };

  /** The first row of a key owns it, or the last one. */
  function isOwner(cells: readonly string[], key: string): boolean {
    if (!raw) return true;
    hashText(raw(cells), hash);
    const table = mapping.collapsedKeys === "last" ? last?.rawByKey : owners;
    if (!table) return true;
    const { place, isNew } = table.add(key);
    if (isNew) {
      table.set(place, 0, hash.low);
      table.set(place, 1, hash.high);
    }
    return (
      table.get(place, 0) === hash.low && table.get(place, 1) === hash.high
    );
  }

  return (cells, rowNumber, mapped) => {
    const value = mapped.row[0];
    if (!isOwner(cells, value)) {
      return { code: "key_collapsed", column, value: cells[column] ?? "" };
    }
    if (mapping.repeatedKeys === "reject") {
      return seen.add(scope(cells, mapped))
        ? { code: "key_repeated", column, value }
        : undefined;
    }
    if (mapping.repeatedKeys === "last" && last) {
      const place = last.rowByScope.find(scope(cells, mapped));
      const isLast =
        place !== undefined && last.rowByScope.get(place, 0) === rowNumber;
      return isLast ? undefined : { code: "key_replaced", column, value };
    }
    return undefined;
  };
}

/** What a mapping does with rows of one key. */
export type RepeatChoices = Pick<
  ColumnMapping,
  "repeatedKeys" | "collapsedKeys"
>;

/** What is noted of a row that is left out for another one. */
export function noteRepeat(
  mapping: ColumnMapping,
): (
  cells: readonly string[],
  mapped: EntityRow,
  issue: RowIssue,
) => RowNotes["repeats"] {
  const { says } = createRowIdentity(mapping);
  return (cells, mapped, { code }) =>
    code === "key_repeated" ||
    code === "key_replaced" ||
    code === "key_collapsed"
      ? { code, says: says(cells, mapped).map(notedText) }
      : undefined;
}

/**
 * Makes the function that rejects a row again which was left out for another
 * one, and is dropped again without it: as long as it says the same key, and
 * the choice for such rows is the same, it would replace what that row said.
 */
export function createNotedRepeats(
  mapping: ColumnMapping,
  choices: RepeatChoices,
): (
  cells: readonly string[],
  mapped: MappedRow,
  repeats: RowNotes["repeats"],
) => MappedRow {
  const { says } = createRowIdentity(mapping);
  const column = mapping.columns.findIndex(({ as }) => as === "key");
  const isLeftOut = {
    key_repeated: choices.repeatedKeys === "reject",
    key_replaced: choices.repeatedKeys === "last",
    key_collapsed: choices.collapsedKeys !== "same",
  };
  return (cells, mapped, repeats) => {
    if (!repeats || mapped.kind !== "entity" || !isLeftOut[repeats.code]) {
      return mapped;
    }
    const now = says(cells, mapped).map(notedText);
    const isSame =
      now.length === repeats.says.length &&
      now.every((text, at) => text === repeats.says[at]);
    if (!isSame) return mapped;
    const { code } = repeats;
    const value =
      code === "key_collapsed" ? (cells[column] ?? "") : mapped.row[0];
    return { kind: "rejected", issues: [{ code, column, value }] };
  };
}

/** `raw` only where key cells that differ are to be told apart; rows are then compared with others of the same cells. */
function createScopes(mapping: ColumnMapping) {
  const { canCollapse, raw, scope } = createRowIdentity(mapping);
  const isApart = canCollapse && mapping.collapsedKeys !== "same";
  return {
    raw: isApart ? raw : undefined,
    scope: isApart
      ? (cells: readonly string[], mapped: EntityRow) =>
          `${scope(cells, mapped)}\0\0${raw(cells)}`
      : scope,
  };
}
