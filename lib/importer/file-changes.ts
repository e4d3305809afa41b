import type { FileMeasures } from "@/lib/domain/column-measures";
import type { EntityRow } from "@/lib/domain/map-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import {
  SNAPSHOT_LIMITS,
  type RecipeSnapshot,
} from "@/lib/domain/recipe-snapshot";
import { TextHasher } from "@/lib/domain/text-hash";
import { valueShifts, type ValueShift } from "@/lib/domain/value-shifts";

import { createMeasureCollector } from "./collect-measures";
import { EntryHashes, findPacked, type EntryChanges } from "./entry-hashes";
import type { RowObserver } from "./run-import";

/** What the last accepted file was, with its hashes as they were packed. */
export type LastFile = { snapshot: RecipeSnapshot; packed: Uint32Array };

/** What a file is, to be kept when it is sent. */
export type FileMemory = { hashes: EntryHashes; measures: FileMeasures };

/** How a file differs from the last one of its recipe. */
export type FileChanges = Omit<EntryChanges, "goneHashes"> & {
  goneHashes: [low: number, high: number][];
  /** The first new keys, in the order of the file. */
  addedKeys: string[];
  shifts: ValueShift[];
  last: Pick<
    RecipeSnapshot,
    "id" | "runId" | "fileName" | "at" | "keys" | "isCurrent"
  >;
};

/** Decides for each row that would be packed whether it is; in the order of the file. */
export type RowGate = (mapped: EntityRow) => boolean;

/** Looks at a whole file for the next one, and compares it with the last one. */
export function createFileWatch(args: {
  mapping: ColumnMapping;
  /** After the steps of the mapping. */
  headers: readonly string[];
  last: LastFile | undefined;
}): {
  gate: RowGate;
  observer: RowObserver;
  memory: () => FileMemory;
  changes: () => FileChanges | null;
} {
  const { last } = args;
  const hashes = new EntryHashes();
  const collector = createMeasureCollector(args.mapping, args.headers);
  const hasher = new TextHasher();
  const addedKeys = new Set<string>();

  function noteAdded({ row: [key] }: EntityRow): void {
    if (!last || addedKeys.size >= SNAPSHOT_LIMITS.goneListedMax) return;
    hasher.hash(key);
    if (findPacked(last.packed, hasher.low, hasher.high) === undefined) {
      addedKeys.add(key);
    }
  }

  return {
    gate(mapped) {
      hashes.add(mapped);
      noteAdded(mapped);
      return true;
    },
    observer: collector,
    memory: () => ({ hashes, measures: collector.result() }),
    changes() {
      if (!last || hashes.isTooLarge) return null;
      const { snapshot, packed } = last;
      const { id, runId, fileName, at, keys, isCurrent } = snapshot;
      return {
        ...hashes.compare(packed, snapshot.aside),
        addedKeys: [...addedKeys],
        shifts: valueShifts(snapshot.measures, collector.result()),
        last: { id, runId, fileName, at, keys, isCurrent },
      };
    },
  };
}

/** Leaves out the rows of entities that are as they were. */
export function onlyChanged(hashes: EntryHashes): RowGate {
  return ({ row: [key] }) => !hashes.isUnchanged(key);
}
