import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { languageName } from "@/lib/client/language-options";
import type { ImportRun } from "@/lib/domain/import-run";
import { ROW_LANGUAGE, type ColumnUse } from "@/lib/domain/mapping";
import { headersAfter } from "@/lib/domain/table-steps";
import { EMPTY_CELL_NAMES } from "@/lib/wording/import-columns";

import { keyRuleWords } from "@/lib/wording/key-rules";
import { repeatRuleText } from "@/lib/wording/repeated-keys";

import { CellText } from "./cell-text";
import { columnLetters } from "./column-letters";

/** How the columns of a run's file became entries, in words. */
export function RunMapping({ run }: { run: ImportRun }) {
  const { mapping } = run;
  const { keyRules = [] } = mapping;
  const headers = headersAfter(mapping.steps, run.headers);
  const used = mapping.columns.flatMap((use, column) =>
    use.as === "ignore" ? [] : [{ use, column }],
  );
  const ignored = mapping.columns.length - used.length;
  return (
    <div>
      <Table label="Mapping of the columns" isPlain frameClassName="max-h-96">
        <TableHead>
          <TableRow>
            <TableHeader>Column</TableHeader>
            <TableHeader>Becomes</TableHeader>
            <TableHeader>Language</TableHeader>
            <TableHeader>An empty cell</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {used.map(({ use, column }) => (
            <TableRow key={column}>
              <TableHeader scope="row">
                <span className="mr-2 font-mono text-xs text-muted">
                  {columnLetters(column)}
                </span>
                <CellText text={headers[column] ?? ""} />
              </TableHeader>
              <TableCell>{becomes(use)}</TableCell>
              <TableCell>{language(use)}</TableCell>
              <TableCell className="whitespace-nowrap">
                {emptyCell(use)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <p className="border-t border-border px-4 py-3 text-[0.8125rem] text-muted">
        {repeatRuleText(mapping)}
        {mapping.columns.filter(({ as }) => as === "key").length > 1 &&
          ` The key columns are joined with “${mapping.keySeparator}”.`}
        {keyRules.length > 0 && ` ${keyRuleWords.run(keyRules)}`}
        {ignored > 0 &&
          ` ${ignored} ${ignored === 1 ? "column is" : "columns are"} ignored.`}
      </p>
    </div>
  );
}

function becomes(use: ColumnUse) {
  switch (use.as) {
    case "key":
      return use.property === null ? (
        "Key"
      ) : (
        <>
          Key and <code className="font-mono">{use.property}</code>
        </>
      );
    case "property":
      return (
        <>
          <code className="font-mono">{use.id}</code>
          {use.media && " (addresses of media files)"}
          {use.media?.idProperty && (
            <>
              {" and their ids as "}
              <code className="font-mono">{use.media.idProperty}</code>
            </>
          )}
        </>
      );
    case "language":
      return "Language of the row";
    case "pivotProperty":
      return "Names the property of the row";
    case "pivotValue":
      return "Value of the property that the row names";
    case "delete":
      return "Delete flag";
    case "ignore":
      return "Ignored";
  }
}

function language(use: ColumnUse): string {
  if (use.as !== "property" && use.as !== "pivotValue") return "–";
  if (use.language === "") return "–";
  if (use.language === ROW_LANGUAGE) return "of the row";
  const name = languageName(use.language);
  return name ? `${name} (${use.language})` : use.language;
}

function emptyCell(use: ColumnUse): string {
  if (use.as !== "property" && use.as !== "pivotValue") return "–";
  return (
    EMPTY_CELL_NAMES.find(([value]) => value === use.emptyCell)?.[1] ?? "–"
  );
}
