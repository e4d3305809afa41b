"use client";

import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";
import { Notice } from "@/components/ui/notice";
import { splitByLanguage, withKeyColumn } from "@/lib/domain/key-fixes";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { RepeatedKeys, TellingColumn } from "@/lib/importer/key-groups";
import {
  COLLAPSE_CHOICES,
  REPEAT_CHOICES,
  repeatWords as words,
} from "@/lib/wording/repeated-keys";

import { CheckKeyGroups } from "./check-key-groups";

type CheckKeysProps = {
  found: RepeatedKeys;
  mapping: ColumnMapping;
  headers: readonly string[];
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
};

/** Rows that have the key of another: what they mean, and the rows side by side. Nothing where every key is its own. */
export function CheckKeys(props: CheckKeysProps) {
  const { repeatedRows, collapsedRows } = props.found;
  return (
    <>
      {collapsedRows > 0 && <Collapsed {...props} />}
      {repeatedRows > 0 && <Repeated {...props} />}
    </>
  );
}

const cardStyle =
  "space-y-4 rounded-card border border-border bg-surface p-5 shadow-card";

function Collapsed({ found, mapping, headers, onMapping }: CheckKeysProps) {
  return (
    <section aria-label={words.collapseLegend} className={cardStyle}>
      <Notice tone="warning" title={words.collapseTitle(found.collapsedRows)}>
        {words.collapseText(found.collapsedKeys)}
      </Notice>
      <RadioGroup
        legend={words.collapseLegend}
        isLegendHidden
        value={mapping.collapsedKeys ?? "first"}
        options={COLLAPSE_CHOICES}
        onValueChange={(collapsedKeys) =>
          onMapping((mapping) => ({ ...mapping, collapsedKeys }))
        }
      />
      <CheckKeyGroups
        groups={found.groups.filter(({ kind }) => kind === "collapsed")}
        isWhole={found.isWhole}
        headers={headers}
      />
    </section>
  );
}

function Repeated({ found, mapping, headers, onMapping }: CheckKeysProps) {
  const { languageColumn, keyColumn, differingColumns } = found;
  return (
    <section aria-label={words.legend} className={cardStyle}>
      <RadioGroup
        legend={words.title(found.repeatedRows, found.repeatedKeys)}
        layout="inline"
        value={mapping.repeatedKeys}
        options={REPEAT_CHOICES.map(({ value, label }) => ({ value, label }))}
        onValueChange={(repeatedKeys) =>
          onMapping((mapping) => ({ ...mapping, repeatedKeys }))
        }
      />
      {languageColumn && (
        <Suggestion
          label={words.split(nameOf(headers, languageColumn))}
          hint={words.splitHint(languageColumn)}
          onApply={() =>
            onMapping((mapping) =>
              splitByLanguage(mapping, languageColumn.column, differingColumns),
            )
          }
        />
      )}
      {keyColumn && keyColumn.column !== languageColumn?.column && (
        <Suggestion
          label={words.addKey(nameOf(headers, keyColumn))}
          hint={words.addKeyHint(keyColumn)}
          onApply={() =>
            onMapping((mapping) => withKeyColumn(mapping, keyColumn.column))
          }
        />
      )}
      <CheckKeyGroups
        groups={found.groups.filter(({ kind }) => kind === "repeated")}
        isWhole={found.isWhole}
        headers={headers}
      />
    </section>
  );
}

function Suggestion({
  label,
  hint,
  onApply,
}: {
  label: string;
  hint: string;
  onApply: () => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Button size="sm" onClick={onApply}>
        {label}
      </Button>
      <p className="min-w-0 text-[0.8125rem] text-muted">{hint}</p>
    </div>
  );
}

function nameOf(headers: readonly string[], { column }: TellingColumn): string {
  return (headers[column] ?? "").trim().slice(0, 60);
}
