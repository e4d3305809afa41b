"use client";

import { useCallback, useMemo } from "react";

import type { ComboboxOption } from "@/components/ui/combobox";
import { formatCount } from "@/lib/client/format-number";
import type { OpenedFile } from "@/lib/client/import-session";
import { languageOptions } from "@/lib/client/language-options";
import type { ColumnMapping, ColumnUse } from "@/lib/domain/mapping";
import { isSameUse, startUse, withColumn } from "@/lib/domain/mapping-edit";
import type { SourceProperty } from "@/lib/domain/source";
import { withRowLanguage } from "@/lib/domain/suggest-mapping";
import { suggestPropertyId } from "@/lib/domain/suggest-id";

import { ColumnRow } from "./column-row";
import type { ColumnView } from "./use-column-view";

const SAMPLES_MAX = 4;
/** Of a language column all are translated one by one. */
const LANGUAGES_MAX = 30;
const NO_SAMPLES: readonly string[] = [];

type ColumnListProps = {
  opened: OpenedFile;
  properties: readonly SourceProperty[];
  view: ColumnView;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
};

export function ColumnList({
  opened,
  properties,
  view,
  onMapping,
}: ColumnListProps) {
  const { preview, mapping, suggested } = opened;
  const { headers } = preview;
  const propertyOptions = useMemo(
    () => properties.map(asPropertyOption),
    [properties],
  );
  const languages = useMemo(() => languageOptions(properties), [properties]);
  const samples = useMemo(() => samplesOf(preview), [preview]);
  const hasLanguageColumn = mapping.columns.some(({ as }) => as === "language");

  const onUse = useCallback(
    (column: number, use: ColumnUse) =>
      onMapping((mapping) => withColumn(mapping, column, use)),
    [onMapping],
  );
  const onKind = useCallback(
    (column: number, as: ColumnUse["as"]) =>
      onMapping((mapping) => {
        const use = startUse(
          as,
          suggestPropertyId(headers[column] ?? ""),
          suggested.columns[column],
          mapping.columns.some(({ as }) => as === "language"),
        );
        const next = withColumn(mapping, column, use);
        return as === "language"
          ? withRowLanguage(next, rowsBelowHeader(preview))
          : next;
      }),
    [onMapping, headers, suggested, preview],
  );

  return (
    <ul className="rounded-card border border-border bg-surface shadow-card">
      {view.shown.map((column) => {
        const use = mapping.columns[column] ?? IGNORED;
        return (
          <ColumnRow
            key={column}
            column={column}
            header={headers[column] ?? ""}
            samples={
              samples[use.as === "language" ? "all" : "few"][column] ??
              NO_SAMPLES
            }
            use={use}
            isSuggested={isSameUse(use, suggested.columns[column])}
            isNew={view.isNew(use)}
            hasLanguageColumn={hasLanguageColumn}
            problem={view.problems.get(column)}
            propertyOptions={propertyOptions}
            languageOptions={languages}
            onKind={onKind}
            onUse={onUse}
          />
        );
      })}
    </ul>
  );
}

const IGNORED: ColumnUse = { as: "ignore" };

function asPropertyOption({ id, entryCount }: SourceProperty): ComboboxOption {
  return { value: id, hint: formatCount(entryCount, "entry", "entries") };
}

function rowsBelowHeader({ firstRows, options }: OpenedFile["preview"]) {
  return firstRows
    .filter(({ rowNumber }) => rowNumber > options.headerRow)
    .map(({ cells }) => cells);
}

function samplesOf(preview: OpenedFile["preview"]) {
  const rows = rowsBelowHeader(preview);
  const all = preview.headers.map((_, column) =>
    [
      ...new Set(
        rows.map((cells) => cells[column] ?? "").filter((cell) => cell !== ""),
      ),
    ].slice(0, LANGUAGES_MAX),
  );
  return { all, few: all.map((cells) => cells.slice(0, SAMPLES_MAX)) };
}
