import type { ColumnMapping } from "@/lib/domain/mapping";

import { createKeySet } from "./key-set";
import { createKeyTable } from "./key-table";
import { createRowIdentity } from "./row-identity";
import type { RowObserver } from "./run-import";
import { hashText, type TextHash } from "./text-hash";

const GROUPS_MAX = 100;
const ROWS_PER_GROUP_MAX = 6;

export type RepeatKind = "repeated" | "collapsed";

export type RepeatCounts = {
  /** Rows that say the same key (in the same language, of the same property) as an earlier row, with the same key cells as its first. */
  repeatedRows: number;
  /** Keys that have such rows. */
  repeatedKeys: number;
  /** Rows whose key cells differ from those of the first row that has their key. */
  collapsedRows: number;
  collapsedKeys: number;
};

/** The numbers of some rows of one key, its first row first. */
export type RowGroup = { kind: RepeatKind; rowNumbers: number[] };

const FIRST_ROW = 0;
const FLAGS = 1;
const RAW = 2;
const FLAG: Record<RepeatKind, number> = { repeated: 1, collapsed: 2 };

/**
 * Counts the good rows of a file that have the key of an earlier one, whatever
 * the mapping does with them, and notes the rows of the first hundred such keys
 * of each kind. Every row is counted; keeps 16 bytes a key and 24 where key
 * cells that differ can make one key, times one to three.
 */
export function createRepeatedKeyCollector(
  mapping: ColumnMapping,
): RowObserver & { result: () => RepeatCounts & { groups: RowGroup[] } } {
  const { canCollapse, raw, scope } = createRowIdentity(mapping);
  const table = createKeyTable(canCollapse ? 4 : 2);
  const hasScopes = mapping.columns.some(
    ({ as }) => as === "language" || as === "pivotProperty",
  );
  const scopes = createKeySet();
  const rows = { repeated: 0, collapsed: 0 };
  const keys = { repeated: 0, collapsed: 0 };
  const groups = {
    repeated: new Map<number, number[]>(),
    collapsed: new Map<number, number[]>(),
  };
  const hash: TextHash = { low: 0, high: 0 };

  function kindOf(
    cells: readonly string[],
    rowNumber: number,
    place: number,
    isNew: boolean,
  ): RepeatKind | undefined {
    if (canCollapse) hashText(raw(cells), hash);
    if (isNew) {
      table.set(place, FIRST_ROW, rowNumber);
      if (canCollapse) {
        table.set(place, RAW, hash.low);
        table.set(place, RAW + 1, hash.high);
      }
      return undefined;
    }
    const isSame =
      !canCollapse ||
      (table.get(place, RAW) === hash.low &&
        table.get(place, RAW + 1) === hash.high);
    return isSame ? "repeated" : "collapsed";
  }

  return {
    row(cells, rowNumber, mapped) {
      if (mapped.kind !== "entity") return;
      const { place, isNew } = table.add(mapped.row[0]);
      const kind = kindOf(cells, rowNumber, place, isNew);
      const isFirstOfScope = hasScopes && !scopes.add(scope(cells, mapped));
      if (kind === undefined) return;
      if (kind === "repeated" && isFirstOfScope) return;
      rows[kind] += 1;
      const flags = table.get(place, FLAGS);
      if ((flags & FLAG[kind]) === 0) {
        keys[kind] += 1;
        table.set(place, FLAGS, flags | FLAG[kind]);
      }
      note(groups[kind], table.get(place, FIRST_ROW), rowNumber);
    },
    result: () => ({
      repeatedRows: rows.repeated,
      repeatedKeys: keys.repeated,
      collapsedRows: rows.collapsed,
      collapsedKeys: keys.collapsed,
      groups: (["collapsed", "repeated"] as const).flatMap((kind) =>
        [...groups[kind]].map(([first, more]) => ({
          kind,
          rowNumbers: [first, ...more],
        })),
      ),
    }),
  };
}

function note(
  groups: Map<number, number[]>,
  firstRow: number,
  rowNumber: number,
): void {
  const group = groups.get(firstRow);
  if (group === undefined) {
    if (groups.size < GROUPS_MAX) groups.set(firstRow, [rowNumber]);
  } else if (group.length < ROWS_PER_GROUP_MAX - 1) group.push(rowNumber);
}
