import { clusterValues, type ValueCount } from "@/lib/domain/cluster-values";
import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import { createRowMapper, type MapRow } from "@/lib/domain/map-row";
import { mappingProblems, type ColumnMapping } from "@/lib/domain/mapping";
import { createStepRunner, type StepRunner } from "@/lib/domain/step-runner";
import { headersAfter } from "@/lib/domain/table-steps";
import { issueMessage } from "@/lib/wording/row-issues";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { createValueCollector } from "./collect-values";
import { UndecodableError } from "./decode";
import { createKeyDesk } from "./key-desk";
import { openTable } from "./open-table";
import { previewStep } from "./preview-step";
import { positionIn } from "./row-list";
import type {
  ColumnValues,
  RowAskName,
  RowAsks,
  RowView,
  ShownRow,
} from "./row-messages";
import { openRowStore, type RowStore } from "./row-store";
import { findRows, scanRows, type FoundRows } from "./scan-rows";

const ROWS_MAX = 200;
const CELL_CHARS_SHOWN = 300;
const VALUES_SHOWN = 200;

export type AskContext = {
  signal: AbortSignal;
  /** How much of the file a long answer has gone through, from 0 to 1. */
  onProgress: (share: number) => void;
};

/** One table as the rows page looks at it. */
export type Table = {
  file: Blob;
  options: TableOptions;
  /** Of the file. */
  headers: readonly string[];
  mapping: ColumnMapping;
};

type Desk = Table & {
  store: RowStore;
  run: StepRunner;
  /** Undefined while the mapping is not complete: then there is no problem to tell. */
  mapRow: MapRow | undefined;
  columns: readonly string[];
  view: FoundRows | undefined;
  /** Of the column that was asked for last, after these steps. */
  values: { column: number; counts: Counts } | undefined;
};
type Counts = { list: ValueCount[]; otherRows: number };

/**
 * Answers what the rows page asks about the table that the worker holds: rows
 * by number, views, values of a column, clusters, and what a step would change.
 * Long answers stream over the file; the rows themselves are read by an index,
 * so that memory does not grow with the file but for 4 bytes for each row of a
 * view.
 *
 * @throws {AppError} from the answers: a sentence for the page.
 */
export function createRowDesk(fileOf: () => Blob | undefined) {
  let desk: Desk | undefined;

  function opened(): Desk {
    if (desk) return desk;
    throw new AppError("conflict", FILE_REFUSALS.noFile);
  }

  const answers: {
    [Name in RowAskName]: (
      ask: RowAsks[Name]["ask"],
      context: AskContext,
    ) => Promise<RowAsks[Name]["answer"]>;
  } = {
    async open({ options, mapping }, context) {
      const file = fileOf();
      if (!file) throw new AppError("conflict", FILE_REFUSALS.noFile);
      const isSame =
        desk?.file === file &&
        JSON.stringify(desk.options) === JSON.stringify(options);
      const store =
        isSame && desk ? desk.store : await index(file, options, context);
      const { headers } = await openTable(file, options);
      desk = withMapping({ file, options, headers, store, mapping });
      return { rows: rowCount(desk) };
    },
    async change({ mapping }) {
      const before = opened();
      desk = { ...withMapping({ ...before, mapping }), view: before.view };
      return Promise.resolve(null);
    },
    async view({ view }, context) {
      const now = opened();
      const found = await findView(now, view, context);
      context.signal.throwIfAborted();
      if (desk) desk.view = found;
      return { rows: found ? found.rows.length : rowCount(now) };
    },
    rows: ({ from, count }) =>
      readRows(opened(), from, Math.min(count, ROWS_MAX)),
    async cell({ rowNumber, column }) {
      const { store, run } = opened();
      const [cells = []] = await store.read([rowNumber]);
      return run(cells, rowNumber)[column] ?? "";
    },
    async values({ column, search }, context) {
      const counts = await countValues(opened(), column, context);
      return searchValues(counts, search);
    },
    async clusters({ column, method }, context) {
      const { list, otherRows } = await countValues(opened(), column, context);
      return { clusters: clusterValues(list, method), otherRows };
    },
    preview: ({ step }, context) =>
      previewStep({ ...opened(), ...context }, step),
    ...createKeyDesk(fileOf),
  };

  return {
    answer<Name extends RowAskName>(
      name: Name,
      ask: RowAsks[Name]["ask"],
      context: AskContext,
    ): Promise<RowAsks[Name]["answer"]> {
      return answers[name](ask, context);
    },
  };
}

export type RowDesk = ReturnType<typeof createRowDesk>;

function withMapping(table: Table & { store: RowStore }): Desk {
  const { mapping, headers } = table;
  const isUsable = mappingProblems(mapping, headers).length === 0;
  return {
    ...table,
    run: createStepRunner(mapping.steps, headers),
    mapRow: isUsable ? createRowMapper(mapping) : undefined,
    columns: headersAfter(mapping.steps, headers),
    ...{ view: undefined, values: undefined },
  };
}

async function index(
  file: Blob,
  options: TableOptions,
  { signal, onProgress }: AskContext,
): Promise<RowStore> {
  try {
    return await openRowStore({
      ...{ file, options, signal },
      onProgress: (_rows, bytes) => onProgress(bytes / file.size),
    });
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    throw new AppError(
      "unprocessable",
      FILE_REFUSALS.otherEncoding(options.encoding),
    );
  }
}

const rowCount = ({ store, options }: Desk) =>
  Math.max(0, store.lastRow - options.headerRow);

async function findView(
  desk: Desk,
  view: RowView,
  context: AskContext,
): Promise<FoundRows | undefined> {
  return view.is === "all"
    ? undefined
    : findRows({ ...desk, ...context }, view);
}

async function readRows(
  { store, view, options, run, mapRow, columns, headers, mapping }: Desk,
  from: number,
  count: number,
): Promise<ShownRow[]> {
  const first = options.headerRow + 1;
  const all = Math.max(0, store.lastRow - options.headerRow);
  const rowNumbers = view
    ? [...view.rows.subarray(from, from + count)]
    : Array.from(
        { length: Math.max(0, Math.min(count, all - from)) },
        (_, at) => first + from + at,
      );
  const read = await store.read(rowNumbers);
  return rowNumbers.map((rowNumber, at) => {
    const inFile = read[at] ?? [];
    const cells = run(inFile, rowNumber);
    const mapped = mapRow?.(cells, true);
    const issues = mapped?.kind === "rejected" ? [...mapped.issues] : [];
    const isRepeat = view?.repeats && positionIn(view.repeats, rowNumber) >= 0;
    if (isRepeat && mapped?.kind === "entity") {
      const column = mapping.columns.findIndex(({ as }) => as === "key");
      const isCollapse =
        view.collapses && positionIn(view.collapses, rowNumber) >= 0;
      const code =
        mapping.repeatedKeys === "last" ? "key_replaced" : "key_repeated";
      issues.push({
        ...{ code: isCollapse ? "key_collapsed" : code, column, value: "" },
      });
    }
    return {
      rowNumber,
      cells: columns.map((_, column) => shorten(cells[column] ?? "")),
      changed: headers.flatMap((_, column) =>
        (cells[column] ?? "") === (inFile[column] ?? "") ? [] : [column],
      ),
      problems: issues.map(({ code, column }) => ({
        column,
        message: issueMessage(code, ""),
      })),
    };
  });
}

async function countValues(
  desk: Desk,
  column: number,
  context: AskContext,
): Promise<Counts> {
  const known = desk.values;
  if (known?.column === column) return known.counts;
  const collector = createValueCollector();
  await scanRows({ ...desk, ...context }, (cells) => {
    if (!isBlank(cells)) collector.add(cells[column] ?? "");
  });
  const counts = {
    list: collector.counts().sort((a, b) => b.rows - a.rows),
    otherRows: collector.otherRows(),
  };
  desk.values = { column, counts };
  return counts;
}

function searchValues(
  { list, otherRows }: Counts,
  search: string,
): ColumnValues {
  const text = search.trim().toLowerCase();
  const found =
    text === ""
      ? list
      : list.filter(({ value }) => value.toLowerCase().includes(text));
  return {
    values: found.slice(0, VALUES_SHOWN),
    distinct: list.length,
    ...{ found: found.length, otherRows },
  };
}

const isBlank = (cells: readonly string[]) =>
  cells.every((cell) => cell === "");

function shorten(cell: string): string {
  return cell.length > CELL_CHARS_SHOWN
    ? `${cell.slice(0, CELL_CHARS_SHOWN)}…`
    : cell;
}
