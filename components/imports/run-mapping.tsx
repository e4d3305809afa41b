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
import { RUN_MAPPING_WORDS as WORDS } from "@/lib/wording/import-run";

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
      <Table label={WORDS.table} isPlain frameClassName="max-h-96">
        <TableHead>
          <TableRow>
            <TableHeader>{WORDS.column}</TableHeader>
            <TableHeader>{WORDS.becomes}</TableHeader>
            <TableHeader>{WORDS.language}</TableHeader>
            <TableHeader>{WORDS.emptyCell}</TableHeader>
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
          ` ${WORDS.joined(mapping.keySeparator)}`}
        {keyRules.length > 0 && ` ${keyRuleWords.run(keyRules)}`}
        {ignored > 0 && ` ${WORDS.ignoredColumns(ignored)}`}
      </p>
    </div>
  );
}

function becomes(use: ColumnUse) {
  switch (use.as) {
    case "key":
      return use.property === null ? (
        WORDS.key
      ) : (
        <>
          {WORDS.keyAnd} <code className="font-mono">{use.property}</code>
        </>
      );
    case "property":
      return (
        <>
          <code className="font-mono">{use.id}</code>
          {use.media && ` ${WORDS.mediaAddresses}`}
          {use.media?.idProperty && (
            <>
              {` ${WORDS.mediaIds} `}
              <code className="font-mono">{use.media.idProperty}</code>
            </>
          )}
        </>
      );
    case "language":
      return WORDS.rowLanguage;
    case "pivotProperty":
      return WORDS.pivotProperty;
    case "pivotValue":
      return WORDS.pivotValue;
    case "delete":
      return WORDS.delete;
    case "ignore":
      return WORDS.ignored;
  }
}

function language(use: ColumnUse): string {
  if (use.as !== "property" && use.as !== "pivotValue") return "–";
  if (use.language === "") return "–";
  if (use.language === ROW_LANGUAGE) return WORDS.ofTheRow;
  const name = languageName(use.language);
  return name ? `${name} (${use.language})` : use.language;
}

function emptyCell(use: ColumnUse): string {
  if (use.as !== "property" && use.as !== "pivotValue") return "–";
  return (
    EMPTY_CELL_NAMES.find(([value]) => value === use.emptyCell)?.[1] ?? "–"
  );
}
