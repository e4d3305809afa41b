import { z } from "zod";

import type { MergeResult, StoredValues } from "./merge";
import { NO_VALUE_HASH, VALUE_HASH_BYTES, valueHash } from "./value-hash";

/** One value that a batch set or cleared. */
export type UndoValue = {
  /** `id:language`. */
  name: string;
  /** What stood there before the batch; `null` when nothing did. */
  before: string | null;
  /** `valueHash` of what the batch wrote; that of no value when it cleared. */
  written: number;
};

/** What one batch did to the entries that it changed: enough to take it back. */
export type UndoRecord = {
  /** Entries that were not there before, by key, with the values they got. */
  created: { key: string; values: UndoValue[] }[];
  /** Entries that stayed, with the values that changed. */
  updated: { key: string; values: UndoValue[] }[];
  /** Entries that are gone, whole. */
  deleted: { key: string; values: StoredValues }[];
};

/**
 * A record as it is kept: texts as JSON, which packs well, and hashes as bytes,
 * which do not.
 */
export type UndoBytes = { json: string; hashes: Uint8Array };

/** Names and shapes by position; a shape is the names of a created entry. */
const keptSchema = z.object({
  names: z.array(z.string()),
  shapes: z.array(z.array(z.number())),
  /** Key and shape, one after the other. */
  created: z.array(z.union([z.string(), z.number()])),
  /** `[key, name, before, name, before, ...]`. */
  updated: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  /** `[key, name, value, name, value, ...]`. */
  deleted: z.array(z.array(z.union([z.string(), z.number()]))),
});
type Kept = z.output<typeof keptSchema>;

/**
 * What a merge changed, out of what it has read anyway: `stored` is what
 * `createMerge` was given, `result` what came of it.
 */
export function undoRecordOf(
  stored: Map<string, StoredValues>,
  result: Pick<MergeResult, "deletes" | "inserts" | "updates" | "rewrites">,
): UndoRecord {
  const record: UndoRecord = { created: [], updated: [], deleted: [] };
  const replaced = new Set<string>();
  const compare = (key: string, after: StoredValues) => {
    const before = stored.get(key) ?? {};
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const values = valuesOf(names, before, (name) => after[name] ?? null);
    if (values.length > 0) record.updated.push({ key, values });
  };
  for (const { key, values } of result.inserts) {
    if (stored.has(key)) {
      replaced.add(key);
      compare(key, values);
      continue;
    }
    const names = Object.keys(values);
    record.created.push({
      key,
      values: names.map((name) => ({
        name,
        before: null,
        written: valueHash(values[name]),
      })),
    });
  }
  for (const { key, values } of result.rewrites) compare(key, values);
  for (const { key, changes } of result.updates) {
    const before = stored.get(key) ?? {};
    const names = Object.keys(changes);
    const values = valuesOf(names, before, (name) => changes[name] ?? null);
    if (values.length > 0) record.updated.push({ key, values });
  }
  for (const key of result.deletes) {
    const values = stored.get(key);
    if (values && !replaced.has(key)) record.deleted.push({ key, values });
  }
  return record;
}

function valuesOf(
  names: Iterable<string>,
  before: StoredValues,
  after: (name: string) => string | null,
): UndoValue[] {
  const values: UndoValue[] = [];
  for (const name of names) {
    const old = before[name] ?? null;
    const written = after(name);
    if (old === written) continue;
    values.push({ name, before: old, written: valueHash(written) });
  }
  return values;
}

/** Entries that a record names. */
export function undoRecordSize(record: UndoRecord): number {
  return record.created.length + record.updated.length + record.deleted.length;
}

/** Records of disjoint entries as one. */
export function joinUndoRecords(records: UndoRecord[]): UndoRecord {
  return {
    created: records.flatMap(({ created }) => created),
    updated: records.flatMap(({ updated }) => updated),
    deleted: records.flatMap(({ deleted }) => deleted),
  };
}

/** Writes a record; `readUndoRecord` is the reverse. */
export function writeUndoRecord(record: UndoRecord): UndoBytes {
  const positions = new Map<string, number>();
  const position = (name: string) => {
    const known = positions.get(name);
    if (known !== undefined) return known;
    positions.set(name, positions.size);
    return positions.size - 1;
  };
  const hashes: number[] = [];
  const shapes = createShapes(position);
  const kept: Kept = {
    names: [],
    shapes: shapes.all,
    created: record.created.flatMap(({ key, values }) => {
      for (const { written } of values) hashes.push(written);
      return [key, shapes.of(values)];
    }),
    updated: record.updated.map(({ key, values }) => {
      const line: (string | number | null)[] = [key];
      for (const { name, before, written } of values) {
        line.push(position(name), before);
        hashes.push(written);
      }
      return line;
    }),
    deleted: record.deleted.map(({ key, values }) => [
      key,
      ...Object.keys(values).flatMap((name) => [
        position(name),
        values[name] ?? "",
      ]),
    ]),
  };
  kept.names = [...positions.keys()];
  return { json: JSON.stringify(kept), hashes: hashBytes(hashes) };
}

/** New entries of one batch mostly have the same names: kept once. */
function createShapes(position: (name: string) => number) {
  const all: number[][] = [];
  const known = new Map<string, number>();
  let last: { values: UndoValue[]; shape: number } | undefined;
  return {
    all,
    of(values: UndoValue[]): number {
      if (last && isSameShape(last.values, values)) return last.shape;
      const positions = values.map(({ name }) => position(name));
      const signature = positions.join(" ");
      let shape = known.get(signature);
      if (shape === undefined) {
        shape = all.push(positions) - 1;
        known.set(signature, shape);
      }
      last = { values, shape };
      return shape;
    },
  };
}

function isSameShape(one: UndoValue[], other: UndoValue[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name }, at) => name === other[at]?.name)
  );
}

/** @throws {Error} for bytes that `writeUndoRecord` did not make: that is a bug. */
export function readUndoRecord({ json, hashes }: UndoBytes): UndoRecord {
  const kept = keptSchema.parse(JSON.parse(json));
  const written = hashReader(hashes);
  const nameAt = (position: unknown) => {
    const name = kept.names[Number(position)];
    if (name === undefined)
      throw new RangeError("An undo record has no such name.");
    return name;
  };
  const record: UndoRecord = { created: [], updated: [], deleted: [] };
  for (let at = 0; at < kept.created.length; at += 2) {
    const shape = kept.shapes[Number(kept.created[at + 1])] ?? [];
    const values = shape.map((position) => ({
      name: nameAt(position),
      before: null,
      written: written(),
    }));
    record.created.push({ key: String(kept.created[at]), values });
  }
  for (const [key, ...cells] of kept.updated) {
    const values: UndoValue[] = [];
    for (let at = 0; at < cells.length; at += 2) {
      const before = cells[at + 1] ?? null;
      values.push({
        name: nameAt(cells[at]),
        before: before === null ? null : String(before),
        written: written(),
      });
    }
    record.updated.push({ key: String(key), values });
  }
  for (const [key, ...cells] of kept.deleted) {
    const values: StoredValues = {};
    for (let at = 0; at < cells.length; at += 2) {
      values[nameAt(cells[at])] = String(cells[at + 1]);
    }
    record.deleted.push({ key: String(key), values });
  }
  return record;
}

function hashBytes(hashes: number[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * VALUE_HASH_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const hash of hashes) {
    view.setUint32(at, hash % 0x100000000);
    view.setUint16(at + 4, Math.floor(hash / 0x100000000));
    at += VALUE_HASH_BYTES;
  }
  return bytes;
}

function hashReader(bytes: Uint8Array): () => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return () => {
    const hash = view.getUint16(at + 4) * 0x100000000 + view.getUint32(at);
    at += VALUE_HASH_BYTES;
    return hash;
  };
}

/** Whether a stored value is the one that a batch left there. */
export function isAsWritten(
  written: number,
  current: string | null | undefined,
): boolean {
  return current === null || current === undefined
    ? written === NO_VALUE_HASH
    : written === valueHash(current);
}
