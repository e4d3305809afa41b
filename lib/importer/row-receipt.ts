import { markedCell } from "@/lib/domain/entry-export";
import type { EntityAnswer } from "@/lib/domain/run-receipt";
import { placeOfRow } from "@/lib/domain/table-parts";
import { headersAfter } from "@/lib/domain/table-steps";

import { createReportWriter } from "./report-writer";
import { openTable } from "./open-table";
import { reasonsOf, type ReportArgs, type ReportedRun } from "./report";
import { runImport, type RowFate } from "./run-import";

const HEADERS = ["key", "answer", "reason", "batch", "time", "run"];

/** What a remote source answered; only in the receipt of a run into one. */
const REMOTE_HEADERS = ["status", "request id", "answered", "answer text"];

const UNCHANGED_REASON = "As in the last file of the recipe, so not sent.";

/** What the receipt calls what became of a row. */
const ANSWERS: Record<EntityAnswer["outcome"], string> = {
  created: "created",
  updated: "updated",
  unchanged: "unchanged",
  deleted: "deleted",
  absent: "not there to delete",
  aside: "set aside",
  sent: "sent",
};

/**
 * A receipt of every row below the header, in file order: row, in a table of
 * several files or sheets which of them (`part`), key of its entry, answer, reason, batch, time (ISO 8601) and run. One line a row, so
 * that it has as many as the file has rows: `rejected`, `blank` and `not sent`
 * are answers too. Of rows merged into one entry each has its answer, and the
 * later ones name the first.
 *
 * Of a run into a remote source each line ends with what was answered to the
 * last request that held the row's entry: status, request id, time and the
 * beginning of its text.
 *
 * A spreadsheet computes none of its cells.
 */
export async function rowReceiptCsv(
  args: ReportArgs & { run: ReportedRun },
): Promise<Blob> {
  const { run, mapping, options } = args;
  const { headers } = await openTable(args.file, options);
  const named = headersAfter(mapping.steps, headers);
  const firstRows = createFirstRows();
  const csv = createReportWriter();
  const hasParts = (options.parts?.length ?? 0) > 1;
  const { isRemote } = run.ledger;
  csv.write([
    ...["row", ...(hasParts ? ["part"] : []), ...HEADERS],
    ...(isRemote ? REMOTE_HEADERS : []),
  ]);
  await runImport({
    ...{ file: args.file, options, mapping, headers, signal: args.signal },
    gate: args.gate,
    onRow: (_cells, rowNumber, fate) => {
      const { label, row } = placeOfRow(options.parts, rowNumber);
      const place = hasParts ? [String(row), guarded(label)] : [String(row)];
      const answer =
        fate.is === "taken"
          ? run.ledger.answerOf(fate.sequence, fate.at)
          : undefined;
      csv.write([
        ...[...place, ...answerCells(fate, rowNumber, answer), run.id],
        ...(isRemote ? remoteCells(answer) : []),
      ]);
    },
  });
  return csv.blob();

  function rowText(rowNumber: number): string {
    const { label, row } = placeOfRow(options.parts, rowNumber);
    return label === "" ? String(row) : `${row} of ${label}`;
  }

  /** Key, answer, reason, batch and time. */
  function answerCells(
    fate: RowFate,
    rowNumber: number,
    answer: EntityAnswer | undefined,
  ): string[] {
    if (fate.is === "blank") return ["", "blank", "", "", ""];
    if (fate.is === "rejected") {
      const reason = reasonsOf(named, fate.issues);
      return ["", "rejected", guarded(reason), "", ""];
    }
    if (fate.is === "unchanged") {
      return [guarded(fate.key), "unchanged", UNCHANGED_REASON, "", ""];
    }
    const first = firstRows.of(fate, rowNumber);
    const merged = fate.isMerged
      ? `Merged into the entry of row ${rowText(first)}.`
      : "";
    const reason = [merged, answer?.reason ?? ""].filter(Boolean).join(" ");
    return [
      guarded(fate.key),
      answer ? ANSWERS[answer.outcome] : "not sent",
      guarded(reason),
      String(fate.sequence),
      answer?.at ?? "",
    ];
  }
}

/** Status, request id, time and text. Other people wrote the id and the text. */
function remoteCells(answer: EntityAnswer | undefined): string[] {
  const { status, requestId, at, excerpt } = answer?.remote ?? {};
  return [
    ...[String(status ?? ""), guarded(requestId ?? ""), at ?? ""],
    guarded(excerpt ?? ""),
  ];
}

/** An empty cell stays empty: here nothing is read back. */
function guarded(text: string): string {
  return text === "" ? "" : markedCell(text);
}

/** The first row of each entity of the batch that is being filled. */
function createFirstRows() {
  let sequence = 0;
  let rows: number[] = [];
  return {
    of(fate: Extract<RowFate, { is: "taken" }>, rowNumber: number): number {
      if (fate.sequence !== sequence) {
        sequence = fate.sequence;
        rows = [];
      }
      return (rows[fate.at] ??= rowNumber);
    },
  };
}
