import { createBatchPacker } from "@/lib/domain/batch";
import type { Entity } from "@/lib/domain/entity";
import type { CheckReport, TableOptions } from "@/lib/domain/import-run";
import {
  createRowMapper,
  type EntityRow,
  type MappedRow,
} from "@/lib/domain/map-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { RowIssue } from "@/lib/domain/row-issue";
import type { RowNotes } from "@/lib/domain/row-notes";
import { createStepRunner } from "@/lib/domain/step-runner";
import { tableBatchEntities, type TableBatch } from "@/lib/domain/table-batch";
import { headersAfter } from "@/lib/domain/table-steps";

import { createIssueCollector } from "./collect-issues";
import { createKeySet } from "./key-set";
import { lookAhead } from "./look-ahead";
import { createRowReader, type RowRead } from "./noted-rows";
import { readTable, type TableChunk } from "./read-table";
import {
  createNotedRepeats,
  createRepeatRule,
  noteRepeat,
  type LastRows,
  type RepeatChoices,
} from "./repeat-rule";

const ENTITIES_SHOWN = 200;

/** Looks on while rows are read, and keeps what it finds to itself. Must not change the cells. */
export type RowObserver = {
  /** One row below the header, in file order, after the steps of the mapping, with what became of it. */
  row: (cells: readonly string[], rowNumber: number, mapped: MappedRow) => void;
  /** One batch as it will be sent: rows of one key are one in it. */
  batch?: (batch: TableBatch) => void;
};

/** What became of a row: of one that was taken, the batch and the place of its entity there. */
export type RowFate =
  | { is: "blank" }
  | {
      is: "rejected";
      issues: readonly RowIssue[];
      /** It was left out for another row. */
      repeats?: RowNotes["repeats"];
    }
  /** Left out by the gate. */
  | { is: "unchanged"; key: string }
  | {
      is: "taken";
      key: string;
      sequence: number;
      at: number;
      /** Folded into the entity of an earlier row. */
      isMerged: boolean;
    };

export type ImportPass = {
  file: Blob;
  options: TableOptions;
  /** Without `mappingProblems`. */
  mapping: ColumnMapping;
  /** Where the mapping takes all rows: what it does with those of one key otherwise. */
  choices?: RepeatChoices;
  /** Of the file: without the columns that steps add. */
  headers: readonly string[];
  /** Each batch with its number from 1. The reading waits for what it returns. */
  onBatch?: (batch: TableBatch, sequence: number) => Promise<void> | void;
  /** The cells are those of the file, before the steps of the mapping. */
  onRejected?: (
    cells: readonly string[],
    rowNumber: number,
    issues: readonly RowIssue[],
  ) => void;
  /** Every row below the header, with the cells of the file, and the columns that its own file or sheet does not have. Only reports pay for it. */
  onRow?: (
    cells: readonly string[],
    rowNumber: number,
    fate: RowFate,
    lacks: readonly number[] | undefined,
  ) => void;
  onProgress?: (rows: number, bytesRead: number) => void;
  onSlice?: (slice: Uint8Array<ArrayBuffer>) => void;
  /** Only the check pays for them: sending and the rejected rows go without. */
  observers?: readonly RowObserver[];
  /** Asked for each row that would be packed, last of all; `false` leaves it out as unchanged. */
  gate?: ((mapped: EntityRow) => boolean) | undefined;
  signal?: AbortSignal | undefined;
};

export type PassResult = {
  report: CheckReport;
  /** The first entities as they will be sent, with the first row each came from. */
  entities: { rowNumber: number; entity: Entity }[];
  /** Quotes that do not open or close a cell properly, over the whole file. */
  quoteProblems: number;
  /** Filled rows that end before the last column does. */
  shortRows: { count: number; first: number };
};

/**
 * Reads a file from start to end: rows become entities, entities become
 * batches. The check and the sending are this same pass, with and without
 * `onBatch`, so that what was checked is what is sent, batch for batch.
 *
 * Knows no browser and no server. Keeps counts, a hash a key, and the batch
 * being filled; so memory grows with the number of keys (16 to 30 bytes each,
 * up to 150 where repeated or cleaned keys are judged) and not with the text.
 *
 * @throws whatever `readTable` and `onBatch` throw, and the reason of `signal`.
 */
export async function runImport(pass: ImportPass): Promise<PassResult> {
  const lastRows = await lookAhead(pass, runImport);
  const state = createPassState(pass, lastRows);
  let quoteProblems = 0;

  for await (const chunk of readTable(pass.file, pass.options, pass.onSlice)) {
    pass.signal?.throwIfAborted();
    quoteProblems += chunk.quoteProblems;
    for (const batch of state.take(chunk)) {
      await pass.onBatch?.(batch.batch, batch.sequence);
    }
    const lookedAt = lastRows ? pass.file.size : 0;
    const bytesRead = (lookedAt + chunk.bytesRead) / (lastRows ? 2 : 1);
    pass.onProgress?.(state.rowsRead(), Math.floor(bytesRead));
  }
  const last = state.finish();
  if (last) await pass.onBatch?.(last.batch, last.sequence);
  pass.signal?.throwIfAborted();
  return { ...state.result(), quoteProblems };
}

type Numbered = { batch: TableBatch; sequence: number };

function createPassState(
  {
    options,
    mapping,
    choices = mapping,
    headers,
    onRejected,
    onRow,
    observers = [],
    gate,
  }: ImportPass,
  lastRows: LastRows | undefined,
) {
  const runSteps = createStepRunner(mapping.steps, headers);
  const mapRow = createRowMapper(mapping);
  const packer = createBatchPacker();
  const issues = createIssueCollector(headersAfter(mapping.steps, headers));
  const keys = createKeySet();
  const judge = createRepeatRule(mapping, lastRows);
  const readRow = createRowReader({ options, headers });
  const judgeAgain = createNotedRepeats(mapping, choices);
  const repeatsOf = noteRepeat(mapping);
  const counts = { read: 0, rejected: 0, blank: 0, merged: 0, unchanged: 0 };
  const sums = { entities: 0, deletes: 0, batches: 0 };
  const shortRows = { count: 0, first: 0 };
  let needsOrder = false;
  const shown = createFirstEntities();
  const reject = createRejecter({ onRejected, onRow }, (rowNumber, found) => {
    counts.rejected += 1;
    issues.add(rowNumber, found);
  });

  function close(batch: TableBatch): Numbered {
    sums.batches += 1;
    sums.entities += batch.rows.length;
    for (const row of batch.rows) sums.deletes += row[1];
    for (const observer of observers) observer.batch?.(batch);
    if (sums.batches === 1) shown.close(batch);
    return { batch, sequence: sums.batches };
  }

  /** One chunk of rows; gives the batches that are full. */
  function take(chunk: TableChunk): Numbered[] {
    const { rows, firstRowNumber } = chunk;
    const closed: Numbered[] = [];
    const start = Math.max(0, options.headerRow + 1 - firstRowNumber);
    for (let i = start; i < rows.length; i++) {
      const rowNumber = firstRowNumber + i;
      const row = readRow(chunk, i);
      const { cells: fileCells, lacks, mayHoldNul, notes } = row;
      counts.read += 1;
      const cells = runSteps(fileCells, rowNumber);
      let mapped = mapRow(cells, mayHoldNul, lacks);
      if (notes?.repeats) mapped = judgeAgain(cells, mapped, notes.repeats);
      for (const observer of observers) observer.row(cells, rowNumber, mapped);
      if (mapped.kind === "blank") {
        counts.blank += 1;
        onRow?.(fileCells, rowNumber, { is: "blank" }, lacks);
        continue;
      }
      if (fileCells.length < headers.length) {
        if (shortRows.count === 0) shortRows.first = rowNumber;
        shortRows.count += 1;
      }
      if (mapped.kind === "rejected") {
        reject(row, rowNumber, mapped.issues, notes?.repeats);
        continue;
      }
      const repeat = judge?.(cells, rowNumber, mapped);
      if (repeat) {
        reject(row, rowNumber, [repeat], repeatsOf(cells, mapped, repeat));
        continue;
      }
      if (gate && !gate(mapped)) {
        counts.unchanged += 1;
        const key = mapped.row[0];
        onRow?.(fileCells, rowNumber, { is: "unchanged", key }, lacks);
        continue;
      }
      const isRepeat = keys.add(mapped.row[0]);
      const added = packer.add(mapped, rowNumber);
      if (added.closed) closed.push(close(added.closed));
      if (onRow) {
        const { at, isMerged } = added;
        const [key] = mapped.row;
        const sequence = sums.batches + 1;
        const fate = { is: "taken", key, sequence, at, isMerged } as const;
        onRow(fileCells, rowNumber, fate, lacks);
      }
      if (added.isMerged) counts.merged += 1;
      else {
        if (isRepeat) needsOrder = true;
        if (sums.batches === 0) shown.begin(rowNumber);
      }
    }
    return closed;
  }

  return {
    take,
    rowsRead: () => counts.read,
    finish(): Numbered | undefined {
      const batch = packer.flush();
      return batch && close(batch);
    },
    result: () => ({
      report: {
        rowsRead: counts.read,
        rowsRejected: counts.rejected,
        rowsBlank: counts.blank,
        rowsMerged: counts.merged,
        ...(counts.unchanged > 0 && { rowsUnchanged: counts.unchanged }),
        ...sums,
        issues: issues.groups(),
        needsOrder,
      },
      entities: shown.entities(),
      shortRows,
    }),
  };
}

/** Tells everybody who listens of a row that is rejected. */
function createRejecter(
  { onRejected, onRow }: Pick<ImportPass, "onRejected" | "onRow">,
  count: (rowNumber: number, issues: readonly RowIssue[]) => void,
) {
  return (
    { cells, lacks }: Pick<RowRead, "cells" | "lacks">,
    rowNumber: number,
    issues: readonly RowIssue[],
    repeats: RowNotes["repeats"],
  ): void => {
    count(rowNumber, issues);
    onRejected?.(cells, rowNumber, issues);
    onRow?.(cells, rowNumber, { is: "rejected", issues, repeats }, lacks);
  };
}

/** The entities of the first batch that the page shows. */
function createFirstEntities() {
  const rowNumbers: number[] = [];
  let entities: PassResult["entities"] = [];
  return {
    /** An entity of the first batch begins with this row. */
    begin(rowNumber: number): void {
      if (rowNumbers.length < ENTITIES_SHOWN) rowNumbers.push(rowNumber);
    },
    close(batch: TableBatch): void {
      const rows = batch.rows.slice(0, ENTITIES_SHOWN);
      entities = tableBatchEntities({ ...batch, rows }).map((entity, i) => ({
        ...{ rowNumber: rowNumbers[i] ?? 0, entity },
      }));
    },
    entities: () => entities,
  };
}
