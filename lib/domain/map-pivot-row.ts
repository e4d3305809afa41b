import { EMPTY_CELLS } from "./empty-cells";
import { isPropertyId } from "./identifiers";
import { SEND_LIMITS, TABLE_LIMITS } from "./limits";
import type { EntityRow, MapRow, MappedRow, RowColumns } from "./map-row";
import { ROW_LANGUAGE, type ColumnMapping } from "./mapping";
import { ownText } from "./own-text";
import {
  JSON_BYTES_PER_CHAR_MAX,
  propertyFrameBytes,
  rowEntityBytes,
} from "./row-bytes";
import type { RowIssue } from "./row-issue";
import { createRowLanguage } from "./row-language";
import { suggestPropertyId } from "./suggest-id";
import { SKIP, type BatchCell, type BatchColumn } from "./table-batch";

/** Column lists kept at once: more than a batch has columns, and together at most so many columns. */
const LISTS_KEPT_MAX = 4_000;
const COLUMNS_KEPT_MAX = 400_000;

/** A row of more values, or of longer names, is looked at anew each time. */
const MASKED_VALUES_MAX = 6;
const NOTED_CHARS_MAX = 400;

type ValueColumn = { column: number; language: string; empty: BatchCell };

/** What a cell of the property column names. */
export type PivotName = {
  id: string;
  /** Given by a rename; `""` leaves it to the value column. */
  language: string;
};

/**
 * Lets a row mapper fill the property that each row names, for mappings with a
 * `pivotProperty` column; any other mapping gets its mapper back as it is. The
 * values come behind the cells of the other columns, so that rows of the same
 * property and language share one list of columns.
 *
 * A row without a value names no property, and its name is not looked at.
 */
export function withPivot(
  mapRow: MapRow,
  mapping: ColumnMapping,
  findCellIssues: (
    cells: readonly string[],
    columns: readonly number[],
  ) => RowIssue[],
): MapRow {
  const nameColumn = mapping.columns.findIndex(
    ({ as }) => as === "pivotProperty",
  );
  if (nameColumn < 0) return mapRow;
  const valueColumns = readValueColumns(mapping);
  const sources = valueColumns.map(({ column }) => column);
  const readName = createNameReader(mapping);
  const rowLanguage = createRowLanguage(mapping);
  const extend = createExtender();
  const known = createKnownTargets(mapping, nameColumn);
  const isMasked = valueColumns.length <= MASKED_VALUES_MAX;

  return (cells, mayHoldNul, lacks) => {
    const mapped = mapRow(cells, mayHoldNul, lacks);
    if (mapped.kind === "blank") return mapped;
    const isPlain = isMasked && !mayHoldNul && lacks === undefined;
    if (isPlain && mapped.kind === "entity" && mapped.row[1] === 0) {
      if (fillKnown(cells, mapped)) return mapped;
    }
    const isDelete = mapped.kind === "entity" && mapped.row[1] === 1;
    const values = valueColumns.map(({ column, empty }) => {
      const cell = cells[column] ?? "";
      if (cell !== "") return cell;
      return lacks?.includes(column) ? SKIP : empty;
    });
    if (isDelete || values.every((value) => value === SKIP)) return mapped;

    const { columns, issues } = readTargets(cells, values, mapped);
    const chars = sources.reduce(
      (sum, column) => sum + (cells[column]?.length ?? 0),
      0,
    );
    if (mayHoldNul || chars > TABLE_LIMITS.cellCharsMax) {
      issues.push(...findCellIssues(cells, sources));
    }
    if (mapped.kind === "rejected") {
      return { kind: "rejected", issues: [...mapped.issues, ...issues] };
    }
    if (issues.length > 0) return { kind: "rejected", issues };
    const before = mapped.columns;
    const longer = extend(before, columns);
    if (isMasked) known.note(cells, maskOf(values), before, longer);
    return extended(mapped, longer, values, chars);
  };

  /** Most rows name what an earlier row has named. False, and nothing done, for all others. */
  function fillKnown(cells: readonly string[], mapped: EntityRow): boolean {
    let mask = 0;
    let chars = 0;
    for (let i = 0; i < valueColumns.length; i++) {
      const { column, empty } = valueColumns[i] as ValueColumn;
      const cell = cells[column];
      if (cell !== undefined && cell !== "") chars += cell.length;
      else if (empty === SKIP) continue;
      mask |= 1 << i;
    }
    if (mask === 0) return true;
    const target = known.find(cells, mask);
    if (target?.before !== mapped.columns) return false;
    const bytes =
      mapped.bytesAtMost + target.frameBytes + chars * JSON_BYTES_PER_CHAR_MAX;
    const isSmall = bytes <= SEND_LIMITS.entityBytesMax;
    if (!isSmall || chars > TABLE_LIMITS.cellCharsMax) return false;
    for (const { column, empty } of valueColumns) {
      mapped.row.push(cells[column] || empty);
    }
    mapped.columns = target.columns;
    mapped.bytesAtMost = bytes;
    return true;
  }

  /** The property and language that each value fills. */
  function readTargets(
    cells: readonly string[],
    values: readonly BatchCell[],
    mapped: MappedRow,
  ): { columns: BatchColumn[]; issues: RowIssue[] } {
    const issues: RowIssue[] = [];
    const cell = cells[nameColumn] ?? "";
    const name = readName(cell);
    if (!name) {
      const code = cell.trim() === "" ? "property_missing" : "property_illegal";
      issues.push({ code, column: nameColumn, value: cell });
    }
    const needsLanguage = valueColumns.some(
      ({ language }, i) => language === ROW_LANGUAGE && values[i] !== SKIP,
    );
    const ofRow = needsLanguage ? rowLanguage(cells, true) : undefined;
    if (ofRow?.issue) issues.push(ofRow.issue);
    const columns = valueColumns.map(({ language }): BatchColumn => {
      const own =
        language === ROW_LANGUAGE ? (ofRow?.language ?? "") : language;
      return [name?.id ?? "", own === "" ? (name?.language ?? "") : own];
    });
    if (name && mapped.kind === "entity" && isTaken(mapped, columns, values)) {
      issues.push({ code: "property_taken", column: nameColumn, value: cell });
    }
    return { columns, issues };
  }
}

/** Which values are sent, a bit each. */
function maskOf(values: readonly BatchCell[]): number {
  return values.reduce<number>(
    (mask, value, i) => (value === SKIP ? mask : mask | (1 << i)),
    0,
  );
}

type KnownTarget = {
  before: RowColumns;
  columns: RowColumns;
  /** Of the columns beyond those of `before`. */
  frameBytes: number;
};

/**
 * What rows became that were right, by the cells that decide it: the name, the
 * language, and which values are there.
 */
function createKnownTargets({ columns }: ColumnMapping, nameColumn: number) {
  const languageColumn = columns.findIndex(({ as }) => as === "language");
  const byName = new Map<string, Map<string, KnownTarget[]>>();
  let kept = 0;
  return {
    find(cells: readonly string[], mask: number): KnownTarget | undefined {
      return byName
        .get(cells[nameColumn] ?? "")
        ?.get(cells[languageColumn] ?? "")?.[mask];
    },
    note(
      cells: readonly string[],
      mask: number,
      before: RowColumns,
      longer: RowColumns,
    ): void {
      if (kept >= LISTS_KEPT_MAX) {
        byName.clear();
        kept = 0;
      }
      const name = cells[nameColumn] ?? "";
      const language = cells[languageColumn] ?? "";
      if (name.length + language.length > NOTED_CHARS_MAX) return;
      const byLanguage = byName.get(name) ?? new Map<string, KnownTarget[]>();
      if (byLanguage.size === 0) byName.set(ownText(name), byLanguage);
      const targets = byLanguage.get(language) ?? [];
      if (targets.length === 0) byLanguage.set(ownText(language), targets);
      const own = longer.frameBytes.slice(before.columns.length);
      const frameBytes = own.reduce((sum, bytes) => sum + bytes, 0);
      targets[mask] = { before, columns: longer, frameBytes };
      kept += 1;
    },
  };
}

/** Whether a value would fill what another column of the row may fill, or two values the same. */
function isTaken(
  { columns: { columns } }: EntityRow,
  own: readonly BatchColumn[],
  values: readonly BatchCell[],
): boolean {
  const filled = own.filter((_, i) => values[i] !== SKIP);
  return filled.some(
    ([id, language], i) =>
      columns.some((other) => other[0] === id && other[1] === language) ||
      filled.some((other, j) => j < i && other[1] === language),
  );
}

function extended(
  { row, columns: before, bytesAtMost: own }: EntityRow,
  columns: RowColumns,
  values: readonly BatchCell[],
  chars: number,
): MappedRow {
  let bytesAtMost = own + chars * JSON_BYTES_PER_CHAR_MAX;
  for (let i = before.columns.length; i < columns.frameBytes.length; i++) {
    bytesAtMost += columns.frameBytes[i] ?? 0;
  }
  row.push(...values);
  if (bytesAtMost > SEND_LIMITS.entityBytesMax) {
    const [key, isDelete, ...cells] = row;
    bytesAtMost = rowEntityBytes(
      ...([key, isDelete, cells] as const),
      columns.frameBytes,
      columns.columns,
    );
    if (bytesAtMost > SEND_LIMITS.entityBytesMax) {
      const issue = { code: "entity_too_large", column: null, value: "" };
      return { kind: "rejected", issues: [issue as RowIssue] };
    }
  }
  return { kind: "entity", row, columns, bytesAtMost };
}

/** The same list for the same columns: the packer settles once a list where its cells belong. */
function createExtender(): (
  before: RowColumns,
  own: readonly BatchColumn[],
) => RowColumns {
  let lists = new Map<RowColumns, Map<string, RowColumns>>();
  let kept = 0;
  return (before, own) => {
    const width = before.columns.length + own.length;
    const keptMax = Math.min(
      LISTS_KEPT_MAX,
      Math.max(1, Math.floor(COLUMNS_KEPT_MAX / width)),
    );
    let byName = lists.get(before);
    if (!byName) lists.set(before, (byName = new Map<string, RowColumns>()));
    const name = own.map(([id, language]) => `${id}:${language}`).join(" ");
    let found = byName.get(name);
    if (!found) {
      if (kept >= keptMax) {
        kept = 0;
        byName = new Map<string, RowColumns>();
        lists = new Map([[before, byName]]);
      }
      const lasting = own.map(([id, language]): BatchColumn => [
        ownText(id),
        language,
      ]);
      found = {
        columns: [...before.columns, ...lasting],
        frameBytes: [...before.frameBytes, ...own.map(propertyFrameBytes)],
      };
      byName.set(ownText(name), found);
      kept += 1;
    }
    return found;
  };
}

/**
 * Makes the function that reads the cells of the `pivotProperty` column of a
 * mapping; it gives `undefined` for a cell that names no property.
 */
export function createNameReader(
  mapping: ColumnMapping,
): (cell: string) => PivotName | undefined {
  const use = mapping.columns.find(({ as }) => as === "pivotProperty");
  if (use?.as !== "pivotProperty") return () => undefined;
  const renamed = new Map(
    use.renames?.map(([cell, id, language]) => [cell, { id, language }]),
  );
  const cleaned = new Map<string, PivotName | undefined>();

  function clean(cell: string): PivotName | undefined {
    if (cleaned.has(cell)) return cleaned.get(cell);
    const id = suggestPropertyId(cell);
    // Of "★" only an underscore is left, which names nothing.
    const isName = isPropertyId(id) && /[A-Za-z0-9]/.test(id);
    const name = isName ? { id, language: "" } : undefined;
    if (cleaned.size >= LISTS_KEPT_MAX) cleaned.clear();
    cleaned.set(ownText(cell), name);
    return name;
  }

  return (cell) => {
    const rename = renamed.get(cell);
    if (rename) return rename;
    if (isPropertyId(cell)) return { id: cell, language: "" };
    return use.illegal === "clean" ? clean(cell) : undefined;
  };
}

function readValueColumns({ columns }: ColumnMapping): ValueColumn[] {
  return columns.flatMap((use, column) =>
    use.as === "pivotValue"
      ? [{ column, language: use.language, empty: EMPTY_CELLS[use.emptyCell] }]
      : [],
  );
}
