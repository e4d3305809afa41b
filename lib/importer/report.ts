import { answerStatus } from "@/lib/domain/answer-columns";
import { markedCell } from "@/lib/domain/entry-export";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { isCellError, type RowIssue } from "@/lib/domain/row-issue";
import { columnLabels } from "@/lib/domain/row-notes";
import type { RunLedger } from "@/lib/domain/run-receipt";
import { placeOfRow } from "@/lib/domain/table-parts";
import { headersAfter } from "@/lib/domain/table-steps";
import { issueMessage } from "@/lib/wording/row-issues";
import { TABLE_NOTICES } from "@/lib/wording/table-notices";

import type { RowGate } from "./file-changes";
import { createEditNotes } from "./noted-edits";
import { createReportWriter } from "./report-writer";
import { openTable } from "./open-table";
import { runImport } from "./run-import";

/** The run that a report is of, with its ledger. */
export type ReportedRun = { id: string; ledger: RunLedger };

export type ReportArgs = {
  file: Blob;
  options: TableOptions;
  mapping: ColumnMapping;
  /** What the run left out as unchanged. */
  gate?: RowGate | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * The rejected rows as a CSV that can be corrected and dropped again: the
 * columns of the file in their order and as they stand there, with the cells
 * that a person changed one by one but without all other steps of the mapping
 * (which are done again when it is dropped), then `status` and `reason`; see
 * `answerStatus`, which also says what the cells cannot: columns that the file of
 * a row does not have, errors of a spreadsheet. With a run, also the rows that the server set aside, and the
 * status names the run. UTF-8 with byte order mark, comma, CRLF.
 *
 * Cells are written as they were read, also those that a spreadsheet takes for
 * a formula: they come from the person's own file, and a guard such as a
 * leading apostrophe would come back as data.
 */
export async function rejectedRowsCsv(
  args: ReportArgs & { run?: ReportedRun | undefined },
): Promise<Blob> {
  const { run, mapping, options } = args;
  const { headers } = await openTable(args.file, options);
  const named = headersAfter(mapping.steps, headers);
  const noteEdits = createEditNotes(mapping.steps, headers);
  const csv = createReportWriter();
  const labels = columnLabels(headers);
  // A file without a header gets one too, or its first row would become it.
  csv.write([...headers, "status", "reason"]);
  await runImport({
    ...{ file: args.file, options, mapping, headers, signal: args.signal },
    gate: args.gate,
    onRow: (fileCells, rowNumber, fate, lacks = []) => {
      if (fate.is === "blank" || fate.is === "unchanged") return;
      const aside =
        fate.is === "taken" && run?.ledger.answerOf(fate.sequence, fate.at);
      const isAside = aside && aside.outcome === "aside";
      if (fate.is === "taken" && !isAside) return;
      // Cells beyond the last column stay beyond it: after the two of ours.
      const { cells, edits } = noteEdits(fileCells, rowNumber);
      const own = headers.map((_, column) => cells[column] ?? "");
      const extra = cells.slice(headers.length);
      csv.write([
        ...own,
        answerStatus(
          fate.is === "rejected" ? "rejected" : "aside",
          placeOfRow(options.parts, rowNumber),
          run?.id,
          {
            lacks: lacks.flatMap((column) => {
              const isUsed = mapping.columns[column]?.as !== "ignore";
              return (own[column] === "" && isUsed && labels[column]) || [];
            }),
            errors: labels.filter((_, column) =>
              isCellError(own[column] ?? ""),
            ),
            repeats: fate.is === "rejected" ? fate.repeats : undefined,
            edits,
          },
        ),
        // Some reasons are those of a remote server.
        fate.is === "rejected"
          ? reasonsOf(named, fate.issues) + hintOf(fate.issues)
          : markedCell(isAside ? aside.reason : ""),
        ...(extra.some((cell) => cell !== "") ? extra : []),
      ]);
    },
  });
  return csv.blob();
}

/** What is wrong with a row, as sentences; `headers` are those after the steps. */
export function reasonsOf(
  headers: readonly string[],
  issues: readonly RowIssue[],
): string {
  return issues
    .map(({ code, column }) =>
      issueMessage(code, column === null ? "" : (headers[column] ?? "")),
    )
    .join(" ");
}

/** Rows that are left out for another row of their key and have no fault of their own. */
const YIELDING = new Set<RowIssue["code"]>([
  ...(["key_repeated", "key_replaced", "key_collapsed"] as const),
]);

/** Without a word such a row would replace, when it is dropped again, what the row that was kept said. */
function hintOf(issues: readonly RowIssue[]): string {
  return issues.some(({ code }) => YIELDING.has(code))
    ? ` ${TABLE_NOTICES.leftOutAgain}`
    : "";
}
