"use client";

import { ArrowRight, Rows3 } from "lucide-react";
import { useMemo } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Pagination } from "@/components/ui/pagination";
import type { OpenedFile } from "@/lib/client/import-session";
import type { ColumnProblem } from "@/lib/domain/column-problems";
import {
  columnMappingSchema,
  mappingProblems,
  type ColumnMapping,
} from "@/lib/domain/mapping";
import {
  withAllAsProperties,
  withEmptyCells,
  withIgnored,
  withSuggestedUses,
} from "@/lib/domain/mapping-edit";
import type { SourceProperty } from "@/lib/domain/source";
import { suggestPropertyId } from "@/lib/domain/suggest-id";
import { COLUMN_WORDS as WORDS } from "@/lib/wording/import-columns";
import { ROW_WORDS } from "@/lib/wording/rows";

import { ColumnList } from "./column-list";
import { ColumnToolbar } from "./column-toolbar";
import { KeyPanel } from "./key-panel";
import { useColumnView } from "./use-column-view";

type ColumnsStepProps = {
  source: { id: string; entryCount: number };
  opened: OpenedFile;
  properties: readonly SourceProperty[];
  problem: string | null;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
  /** Looks at all rows before the check. */
  onRows: () => void;
  onNext: () => void;
};

export function ColumnsStep({
  source,
  opened,
  properties,
  problem,
  onMapping,
  onRows,
  onNext,
}: ColumnsStepProps) {
  const { preview, mapping, suggested } = opened;
  const { headers } = preview;
  const known = useMemo(
    () => new Set(properties.map(({ id }) => id)),
    [properties],
  );
  const view = useColumnView(opened, known);
  const { problems } = view;

  return (
    <div className="space-y-5">
      {problem && <Notice tone="danger">{problem}</Notice>}
      {opened.isRestored && !mapping.recipe && (
        <Notice>{WORDS.takenOver}</Notice>
      )}
      <KeyPanel
        mapping={mapping}
        headers={headers}
        source={source}
        exampleRows={preview.firstRows.flatMap(({ rowNumber, cells }) =>
          rowNumber > preview.options.headerRow ? [cells] : [],
        )}
        onMapping={(next) => onMapping(() => next)}
      />
      <section aria-label={WORDS.list} className="space-y-3">
        <ColumnToolbar
          {...view}
          onIgnore={(which) =>
            onMapping((mapping) =>
              withIgnored(
                mapping,
                (id, column) =>
                  which === "all" ||
                  (which === "new" ? !known.has(id) : problems.has(column)),
              ),
            )
          }
          onAllAsProperties={() =>
            onMapping((mapping) =>
              withAllAsProperties(
                mapping,
                suggested,
                headers.map(suggestPropertyId),
              ),
            )
          }
          onEmptyCells={(emptyCell) =>
            onMapping((mapping) => withEmptyCells(mapping, emptyCell))
          }
          onSuggestions={() =>
            onMapping((mapping) => withSuggestedUses(mapping, suggested))
          }
        />
        {view.shown.length === 0 ? (
          <p className="rounded-card border border-border bg-surface px-4 py-8 text-center text-sm text-muted">
            {WORDS.noneLikeThat}
          </p>
        ) : (
          <ColumnList
            opened={opened}
            properties={properties}
            view={view}
            onMapping={onMapping}
          />
        )}
        {view.pages > 1 && (
          <Pagination
            previous={
              view.page > 0 ? () => view.onPage(view.page - 1) : undefined
            }
            next={
              view.page < view.pages - 1
                ? () => view.onPage(view.page + 1)
                : undefined
            }
          >
            {WORDS.page(view.page + 1, view.pages, view.total)}
          </Pagination>
        )}
      </section>
      <ColumnsFooter
        missing={missingSentences(opened, problems)}
        onRows={onRows}
        onNext={onNext}
      />
    </div>
  );
}

/** Problems of the mapping as a whole, and of what is typed in single columns. */
function missingSentences(
  { preview: { headers }, mapping }: OpenedFile,
  problems: ReadonlyMap<number, ColumnProblem>,
): string[] {
  const whole = mappingProblems(mapping, headers);
  const typed = [...problems].flatMap(([column, { message, isTyped }]) =>
    isTyped ? [WORDS.problemOf(headers[column] ?? "", message)] : [],
  );
  const separator = columnMappingSchema.shape.keySeparator.safeParse(
    mapping.keySeparator,
  );
  return [
    ...whole,
    ...typed,
    ...(separator.success ? [] : [WORDS.separatorIllegal]),
  ];
}

function ColumnsFooter({
  missing,
  onRows,
  onNext,
}: {
  missing: readonly string[];
  onRows: () => void;
  onNext: () => void;
}) {
  return (
    <div className="sticky bottom-0 z-20 -mx-1 flex flex-wrap items-center justify-end gap-3 border-t border-border bg-background/95 px-1 py-3 backdrop-blur">
      {missing.length > 0 && (
        <p
          id="columns-missing"
          role="status"
          className="min-w-0 flex-1 text-sm text-danger-text"
        >
          {missing[0]}
          {missing.length > 1 && (
            <span className="text-muted">
              {` ${WORDS.moreProblems(missing.length - 1)}`}
            </span>
          )}
        </p>
      )}
      <Button variant="ghost" onClick={onRows}>
        <Rows3 aria-hidden />
        {ROW_WORDS.look}
      </Button>
      <Button
        variant="primary"
        disabled={missing.length > 0}
        aria-describedby={missing.length > 0 ? "columns-missing" : undefined}
        onClick={onNext}
      >
        {WORDS.check}
        <ArrowRight aria-hidden />
      </Button>
    </div>
  );
}
