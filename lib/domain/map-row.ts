import { createKeyCleaner, type CleanKey } from "./clean-key";
import { readDeleteFlag } from "./delete-flag";
import { EMPTY_CELLS } from "./empty-cells";
import { unmarkedCell } from "./entry-export";
import { isEntryKey } from "./identifiers";
import { IDENTIFIER_LIMITS, SEND_LIMITS, TABLE_LIMITS } from "./limits";
import { linkProblem } from "./link-cell";
import { withPivot } from "./map-pivot-row";
import { ROW_LANGUAGE, type ColumnMapping, type MediaUse } from "./mapping";
import {
  JSON_BYTES_PER_CHAR_MAX,
  moreFilesBytes,
  propertyFrameBytes,
  rowEntityBytes,
} from "./row-bytes";
import { isCellError, type RowIssue } from "./row-issue";
import { createRowLanguage } from "./row-language";
import {
  SKIP,
  type BatchCell,
  type BatchColumn,
  type BatchRow,
} from "./table-batch";

/** The properties that rows of one language fill, and what each costs as JSON beside its value. */
export type RowColumns = {
  readonly columns: readonly BatchColumn[];
  readonly frameBytes: readonly number[];
};

/** A row that became (a part of) an entity. */
export type EntityRow = {
  kind: "entity";
  row: BatchRow;
  columns: RowColumns;
  /** Never less than the bytes of the row as an entity; cheap to know. */
  bytesAtMost: number;
};

export type MappedRow =
  | EntityRow
  | { kind: "rejected"; issues: RowIssue[] }
  /** Every cell is empty. */
  | { kind: "blank" };

export type MapRow = (
  cells: readonly string[],
  /** Whether the text around the row holds a NUL: only then are cells searched for it. */
  mayHoldNul: boolean,
  /** Columns that the file of the row does not have: there an empty cell is none, and says nothing. One list for all such rows. */
  lacks?: readonly number[],
) => MappedRow;

const KEY_AND_FRAME_BYTES_MAX =
  IDENTIFIER_LIMITS.keyCharsMax * JSON_BYTES_PER_CHAR_MAX + 100;

/** A wrongly chosen language column must not grow memory with the file. */
const LANGUAGES_KEPT_MAX = 500;

/**
 * Makes the function that turns rows into entities by a mapping. What depends
 * on the column alone is settled here, once. Cells stay the text they were:
 * nothing is trimmed or converted, and a key with spaces around it is refused
 * rather than silently changed, unless the mapping has rules that clean keys.
 *
 * Expects a mapping without `mappingProblems`. Cells missing at the end of a
 * row count as empty; filled cells beyond the last column are a problem.
 */
export function createRowMapper(mapping: ColumnMapping): MapRow {
  const width = mapping.columns.length;
  const keyColumns = positions(mapping, "key");
  const deleteColumn = positions(mapping, "delete")[0];
  const rowLanguage = createRowLanguage(mapping);
  const targets = readTargets(mapping);
  const sources = targets.map(({ column }) => column);
  const emptyRowFor = createEmptyRows(targets);
  const inRowLanguage = targets.map(
    ({ language }) => language === ROW_LANGUAGE,
  );
  const needsLanguage = inRowLanguage.includes(true);
  const mediaTargets = [...targets.entries()].filter(([, { media }]) => media);
  const columnsFor = createColumnsByLanguage(targets);
  const plainColumns = columnsFor("");
  const framesBytes = frameSum(plainColumns);
  const onlyKey = keyColumns.length === 1 ? keyColumns[0] : undefined;
  const cleanKey = createKeyCleaner(mapping.keyRules) ?? asItIs;

  const mapUnmarked = withoutMarks(mapRow, mapping, targets);
  return withPivot(mapUnmarked, mapping, findCellIssues);

  function mapRow(
    cells: readonly string[],
    mayHoldNul: boolean,
    lacks?: readonly number[],
  ): MappedRow {
    const key =
      onlyKey !== undefined
        ? cleanKey(cells[onlyKey] ?? "")
        : keyColumns
            .map((column) => cleanKey(cells[column] ?? ""))
            .join(mapping.keySeparator);
    const row = emptyRowFor(lacks).slice() as BatchRow;
    row[0] = key;
    let chars = 0;
    for (let i = 0; i < sources.length; i++) {
      const cell = cells[sources[i] as number];
      if (cell !== undefined && cell !== "") {
        row[i + 2] = cell;
        chars += cell.length;
      }
    }
    const isSuspect =
      !isEntryKey(key) ||
      onlyKey === undefined ||
      chars > TABLE_LIMITS.cellCharsMax ||
      mayHoldNul ||
      cells.length > width ||
      deleteColumn !== undefined ||
      needsLanguage ||
      mediaTargets.length > 0;
    if (!isSuspect) {
      return sized(row, chars, plainColumns);
    }
    return mapWithCare(cells, row, chars, mayHoldNul);
  }

  /** Everything that most rows need not be asked. */
  function mapWithCare(
    cells: readonly string[],
    row: BatchRow,
    chars: number,
    mayHoldNul: boolean,
  ): MappedRow {
    const errors = mayHoldNul ? findErrors(cells, mapping) : [];
    if (errors.length > 0) return { kind: "rejected", issues: errors };
    const issues = findKeyIssues(cells, keyColumns, row[0], cleanKey);
    if (issues.length > 0 && cells.every((cell) => cell === "")) {
      return { kind: "blank" };
    }
    issues.push(...findExtraCells(cells, width));

    if (deleteColumn !== undefined) {
      const value = cells[deleteColumn] ?? "";
      const flag = readDeleteFlag(value);
      if (flag === undefined) {
        issues.push({
          code: "delete_not_understood",
          column: deleteColumn,
          value,
        });
      }
      if (flag) {
        return issues.length > 0
          ? { kind: "rejected", issues }
          : sized([row[0], 1], 0, plainColumns);
      }
    }

    let columns = plainColumns;
    if (
      needsLanguage &&
      inRowLanguage.some((is, i) => is && row[i + 2] !== SKIP)
    ) {
      const { language, issue } = rowLanguage(cells, false);
      if (issue) issues.push(issue);
      else columns = columnsFor(language);
    }

    if (mayHoldNul || chars > TABLE_LIMITS.cellCharsMax) {
      issues.push(...findCellIssues(cells, sources));
    }
    issues.push(...findLinkIssues(cells, mediaTargets));
    return issues.length > 0
      ? { kind: "rejected", issues }
      : sized(row, chars, columns);
  }

  function sized(row: BatchRow, chars: number, columns: RowColumns): MappedRow {
    let bytesAtMost =
      KEY_AND_FRAME_BYTES_MAX + framesBytes + chars * JSON_BYTES_PER_CHAR_MAX;
    bytesAtMost += filesBytes(row, mediaTargets);
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
}

const asItIs: CleanKey = (cell) => cell;

/** The row to fill in, made once for each list of lacking columns: a copy is twice as fast as pushing cell by cell. */
function createEmptyRows(
  targets: readonly Target[],
): (lacks: readonly number[] | undefined) => readonly BatchCell[] {
  const make = (lacks: readonly number[]): BatchCell[] => {
    const missing = new Set(lacks);
    const cells = targets.map(({ column, empty }) =>
      missing.has(column) ? SKIP : empty,
    );
    return ["", 0, ...cells];
  };
  const whole = make([]);
  const made = new WeakMap<readonly number[], readonly BatchCell[]>();
  return (lacks) => {
    if (lacks === undefined) return whole;
    let found = made.get(lacks);
    if (!found) made.set(lacks, (found = make(lacks)));
    return found;
  };
}

function createColumnsByLanguage(
  targets: readonly Target[],
): (rowLanguage: string) => RowColumns {
  const byLanguage = new Map<string, RowColumns>();
  return (rowLanguage) => {
    let found = byLanguage.get(rowLanguage);
    if (!found) {
      const columns = targets.map(({ id, language, media }): BatchColumn => {
        const own = language === ROW_LANGUAGE ? rowLanguage : language;
        return media ? [id, own, media] : [id, own];
      });
      found = { columns, frameBytes: columns.map(propertyFrameBytes) };
      if (byLanguage.size >= LANGUAGES_KEPT_MAX) byLanguage.clear();
      byLanguage.set(rowLanguage, found);
    }
    return found;
  };
}

/** For columns of an export of ours: the apostrophe that marks a cell is no part of its text. */
function withoutMarks(
  mapRow: MapRow,
  mapping: ColumnMapping,
  targets: readonly Target[],
): MapRow {
  const keys = mapping.columns.flatMap((use, column) =>
    use.as === "key" && use.isMarked ? [column] : [],
  );
  const places = targets.flatMap(({ isMarked }, at) =>
    isMarked ? [at + 2] : [],
  );
  if (keys.length === 0 && places.length === 0) return mapRow;

  return (cells, mayHoldNul, lacks) => {
    const plain = [...cells];
    for (const column of keys) {
      plain[column] = unmarkedCell(plain[column] ?? "");
    }
    const mapped = mapRow(plain, mayHoldNul, lacks);
    if (mapped.kind !== "entity") return mapped;
    for (const place of places) {
      const value = mapped.row[place];
      // Behind the mark, nothing is the empty text and not an empty cell.
      if (typeof value === "string") mapped.row[place] = unmarkedCell(value);
    }
    return mapped;
  };
}

/** What else is wrong with such a row can only be told when the cells have values. */
function findErrors(
  cells: readonly string[],
  { columns }: ColumnMapping,
): RowIssue[] {
  return columns.flatMap(({ as }, column): RowIssue[] => {
    const cell = cells[column] ?? "";
    return as !== "ignore" && isCellError(cell)
      ? [{ code: "cell_error", column, value: cell.slice(1) }]
      : [];
  });
}

function findExtraCells(cells: readonly string[], width: number): RowIssue[] {
  const extra = cells.slice(width).find((cell) => cell !== "");
  return extra === undefined
    ? []
    : [{ code: "extra_cells", column: null, value: extra }];
}

function filesBytes(
  row: BatchRow,
  targets: readonly [at: number, target: Target][],
): number {
  let bytes = 0;
  for (const [at, { media }] of targets) {
    const cell = row[at + 2];
    if (media && typeof cell === "string") bytes += moreFilesBytes(cell, media);
  }
  return bytes;
}

function findLinkIssues(
  cells: readonly string[],
  targets: readonly [at: number, target: Target][],
): RowIssue[] {
  return targets.flatMap(([, { column, media }]): RowIssue[] => {
    const value = cells[column] ?? "";
    return value !== "" && media && linkProblem(value, media)
      ? [{ code: "link_illegal", column, value }]
      : [];
  });
}

/** Cells whose text cannot be stored. */
function findCellIssues(
  cells: readonly string[],
  columns: readonly number[],
): RowIssue[] {
  const issues: RowIssue[] = [];
  for (const column of columns) {
    const value = cells[column] ?? "";
    if (value.length > TABLE_LIMITS.cellCharsMax) {
      issues.push({ code: "cell_too_long", column, value });
    } else if (value.includes("\0")) {
      issues.push({ code: "cell_illegal_character", column, value });
    }
  }
  return issues;
}

type Target = {
  column: number;
  id: string;
  language: string;
  empty: BatchCell;
  isMarked: boolean;
  media?: MediaUse;
};

function readTargets(mapping: ColumnMapping): Target[] {
  return mapping.columns.flatMap((use, column): Target[] => {
    if (use.as === "property") {
      const empty = EMPTY_CELLS[use.emptyCell];
      const isMarked = use.isMarked === true;
      const { id, language, media } = use;
      const target = { column, id, language, empty, isMarked };
      return [media ? { ...target, media } : target];
    }
    if (use.as === "key" && use.property !== null) {
      const id = use.property;
      return [{ column, id, language: "", empty: SKIP, isMarked: false }];
    }
    return [];
  });
}

function positions(mapping: ColumnMapping, as: string): number[] {
  return mapping.columns.flatMap((use, column) =>
    use.as === as ? [column] : [],
  );
}

/** For a row language the frame is as long as the longest code makes it. */
function frameSum({ columns }: RowColumns): number {
  const longest = IDENTIFIER_LIMITS.languageCharsMax;
  return columns.reduce(
    (sum, column) => sum + propertyFrameBytes(column) + longest,
    0,
  );
}

function findKeyIssues(
  cells: readonly string[],
  keyColumns: readonly number[],
  key: string,
  cleanKey: CleanKey,
): RowIssue[] {
  const issues: RowIssue[] = [];
  for (const column of keyColumns) {
    const value = cells[column] ?? "";
    const cleaned = cleanKey(value);
    if (cleaned === "") issues.push({ code: "key_missing", column, value });
    else if (!isEntryKey(cleaned.slice(0, IDENTIFIER_LIMITS.keyCharsMax))) {
      issues.push({ code: "key_illegal", column, value });
    }
  }
  if (issues.length === 0 && key.length > IDENTIFIER_LIMITS.keyCharsMax) {
    const column = keyColumns[0] ?? null;
    issues.push({ code: "key_too_long", column, value: key });
  }
  return issues;
}
