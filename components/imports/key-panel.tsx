"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";

import { TextField } from "@/components/ui/field";
import { RadioGroup } from "@/components/ui/radio-group";
import { classNames } from "@/lib/client/class-names";
import { entryQueries } from "@/lib/client/entry-queries";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { columnMappingSchema } from "@/lib/domain/mapping";
import { exampleKey } from "@/lib/domain/mapping-edit";
import {
  KEY_PANEL_WORDS as WORDS,
  knownKeysSentence,
} from "@/lib/wording/import-columns";
import { REPEAT_CHOICES, repeatWords } from "@/lib/wording/repeated-keys";

import { CellText } from "./cell-text";
import { KeyRulesEditor } from "./key-rules-editor";

const KEYS_SHOWN_MAX = 10;

type KeyPanelProps = {
  mapping: ColumnMapping;
  headers: readonly string[];
  source: { id: string; entryCount: number };
  /** The cells of the first rows below the header. */
  exampleRows: readonly (readonly string[])[];
  onMapping: (mapping: ColumnMapping) => void;
};

/** What names each entry: the key columns, an example, and what a repeated key means. */
export function KeyPanel({
  mapping,
  headers,
  source,
  exampleRows,
  onMapping,
}: KeyPanelProps) {
  const keyHeaders = mapping.columns.flatMap((use, column) =>
    use.as === "key" ? [headers[column] ?? ""] : [],
  );
  const example = exampleKey(mapping, exampleRows[0] ?? []);
  const separator = columnMappingSchema.shape.keySeparator.safeParse(
    mapping.keySeparator,
  );
  return (
    <section
      aria-label={WORDS.label}
      className="space-y-3 rounded-card border border-border bg-surface p-5 shadow-card"
    >
      <h2 className="flex items-center gap-2 text-[0.9375rem] font-semibold">
        <KeyRound aria-hidden className="size-4 text-muted" />
        {WORDS.title(keyHeaders)}
      </h2>
      {example ? (
        <p className="text-sm text-muted">
          {WORDS.firstRow}{" "}
          <code className="rounded bg-sunken px-1.5 py-0.5 font-mono break-all text-text">
            <CellText text={example.key || WORDS.emptyKey} />
          </code>
          {!example.isLegal && (
            <span className="mt-1 block text-warning-text">
              {WORDS.illegal}
            </span>
          )}
        </p>
      ) : (
        <p className="text-sm text-muted">{WORDS.choose}</p>
      )}
      {source.entryCount > 0 && (
        <KnownKeys
          sourceId={source.id}
          keys={firstKeys(mapping, exampleRows)}
        />
      )}
      {keyHeaders.length > 1 && (
        <TextField
          label={WORDS.separator}
          className="max-w-40"
          value={mapping.keySeparator}
          error={
            separator.success ? undefined : separator.error.issues[0]?.message
          }
          onChange={(event) =>
            onMapping({ ...mapping, keySeparator: event.target.value })
          }
        />
      )}
      {keyHeaders.length > 0 && (
        <div className="grid items-start gap-3 pt-1 md:grid-cols-2">
          <KeyRulesEditor
            mapping={mapping}
            exampleRows={exampleRows}
            onMapping={onMapping}
          />
          <RepeatedKeyChoice mapping={mapping} onMapping={onMapping} />
        </div>
      )}
    </section>
  );
}

/** What rows of the same key mean, folded away: the check asks when there are such rows. */
function RepeatedKeyChoice({
  mapping,
  onMapping,
}: Pick<KeyPanelProps, "mapping" | "onMapping">) {
  const chosen = REPEAT_CHOICES.find(
    ({ value }) => value === mapping.repeatedKeys,
  );
  return (
    <details className="rounded-control border border-border px-3 py-2 open:pb-3">
      <summary className="cursor-pointer text-sm font-medium">
        {repeatWords.legend}
        <span className="ml-2 font-normal text-muted">{chosen?.label}</span>
      </summary>
      <div className="mt-3">
        <RadioGroup
          legend={repeatWords.legend}
          isLegendHidden
          options={REPEAT_CHOICES}
          value={mapping.repeatedKeys}
          onValueChange={(repeatedKeys) =>
            onMapping({ ...mapping, repeatedKeys })
          }
        />
      </div>
    </details>
  );
}

function firstKeys(
  mapping: ColumnMapping,
  rows: readonly (readonly string[])[],
): string[] {
  const keys = rows.flatMap((cells) => {
    const example = exampleKey(mapping, cells);
    return example?.isLegal ? [example.key] : [];
  });
  return [...new Set(keys)].slice(0, KEYS_SHOWN_MAX);
}

/** Whether the keys meet entries of the source: a wrong key column is seen here. */
function KnownKeys({ sourceId, keys }: { sourceId: string; keys: string[] }) {
  const { data: known } = useQuery({
    ...entryQueries.known(sourceId, keys),
    enabled: keys.length > 0,
    placeholderData: keepPreviousData,
  });
  if (!known || keys.length === 0) return null;
  const count = keys.filter((key) => known.has(key)).length;
  return (
    <p
      role="status"
      className={classNames(
        "text-sm",
        count === 0 ? "text-warning-text" : "text-muted",
      )}
    >
      {knownKeysSentence(count, keys.length)}
    </p>
  );
}
