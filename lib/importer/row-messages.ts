import type {
  ClusterMethod,
  ValueCluster,
  ValueCount,
} from "@/lib/domain/cluster-values";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { TableStep } from "@/lib/domain/table-steps";

/** Which rows of the file are looked at. */
export type RowView =
  | { is: "all" }
  /** Those that the check rejects. */
  | { is: "problems" }
  /** Those with a cell of the file that the steps change. */
  | { is: "changed" }
  | { is: "value"; column: number; value: string }
  /** Those that one more step would change. */
  | { is: "hits"; step: TableStep };

export type ShownRow = {
  rowNumber: number;
  /** After the steps; long cells are cut and end in `…`. */
  cells: string[];
  /** Columns whose cell is not what stands in the file. */
  changed: number[];
  /** What is wrong, as sentences; `column` is null when the row as a whole is meant. */
  problems: { column: number | null; message: string }[];
};

export type ColumnValues = {
  /** The most frequent ones that the search finds. */
  values: ValueCount[];
  /** Different values, among those that were counted. */
  distinct: number;
  found: number;
  /** Rows with values beyond the 50,000 different ones that are counted. */
  otherRows: number;
};

export type StepPreview = {
  cells: number;
  rows: number;
  examples: { rowNumber: number; column: number; from: string; to: string }[];
};

/** What the page may ask of the rows, and what it is answered. */
export type RowAsks = {
  /** Must come first, and again when the table is read in another way. */
  open: {
    ask: { options: TableOptions; mapping: ColumnMapping };
    answer: { rows: number };
  };
  /** The steps or uses of the columns are others now. The view stays as it is. */
  change: { ask: { mapping: ColumnMapping }; answer: null };
  view: { ask: { view: RowView }; answer: { rows: number } };
  /** Rows of the view by position from 0; 200 at most. */
  rows: { ask: { from: number; count: number }; answer: ShownRow[] };
  /** The whole text of a cell, after the steps. */
  cell: { ask: { rowNumber: number; column: number }; answer: string };
  values: {
    ask: { column: number; search: string };
    answer: ColumnValues;
  };
  clusters: {
    ask: { column: number; method: ClusterMethod };
    answer: { clusters: ValueCluster[]; otherRows: number };
  };
  /** What one more step would change in the whole file. */
  preview: { ask: { step: TableStep }; answer: StepPreview };
  /** Reads the keys of all rows, for `lacking`; needs no `open`. */
  fileKeys: {
    ask: { options: TableOptions; mapping: ColumnMapping };
    answer: { rowsRead: number; rowsWithoutKey: number };
  };
  /** Those of the keys that no row has. */
  lacking: { ask: { keys: string[] }; answer: string[] };
};
export type RowAskName = keyof RowAsks;

/** Page to worker; several may be on their way at a time. */
export type RowRequest =
  | {
      [Name in RowAskName]: {
        type: "rows";
        id: number;
        is: Name;
        ask: RowAsks[Name]["ask"];
      };
    }[RowAskName]
  | { type: "rowsCancelled"; id: number };

export type RowEvent =
  | { type: "rowsAnswered"; id: number; answer: RowAsks[RowAskName]["answer"] }
  | { type: "rowsProgressed"; id: number; share: number }
  | { type: "rowsFailed"; id: number; message: string };
