"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/client/class-names";
import { keptProperties } from "@/lib/client/kept-properties";
import { languageName } from "@/lib/client/language-options";
import type { OpenedFile } from "@/lib/client/import-session";
import { steppedFile } from "@/lib/client/stepped-file";
import { mappingProblems, type ColumnMapping } from "@/lib/domain/mapping";
import {
  freshProperties,
  type FreshProperty,
} from "@/lib/domain/property-guard";
import {
  withPropertyRenamed,
  type PropertyRename,
} from "@/lib/domain/rename-property";
import type { KnownProperty } from "@/lib/domain/suggest-mapping";
import type { FileInsights } from "@/lib/importer/file-insights";
import { GUARD_WORDS as WORDS } from "@/lib/wording/languages";

const SHOWN_AT_FIRST = 5;

type CheckPropertiesProps = {
  sourceId: string;
  known: readonly KnownProperty[];
  opened: OpenedFile;
  insights: FileInsights;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
};

/** The properties that the source has never seen, before they are made: a line, or a decision for each that looks like a known one. */
export function CheckProperties({
  sourceId,
  known,
  opened,
  insights,
  onMapping,
}: CheckPropertiesProps) {
  const [kept, setKept] = useState(() => keptProperties(sourceId));
  const [isAll, setIsAll] = useState(false);
  const ids = [...new Set(insights.coverage.values.map(({ id }) => id))];
  const fresh = freshProperties(ids, known);
  const open = fresh.filter(
    ({ id, alike }) => alike.length > 0 && !kept.has(id),
  );
  const shown = isAll ? open : open.slice(0, SHOWN_AT_FIRST);
  const names = insights.names.map(({ cell }) => cell);

  if (ids.length === 0) return null;
  return (
    <section
      aria-label={WORDS.title}
      className={classNames(
        "space-y-3",
        // With nothing to decide it is a line among lines.
        open.length > 0
          ? "rounded-card border border-border bg-surface px-5 py-4 shadow-card"
          : "px-1",
      )}
    >
      {open.length > 0 ? (
        <div>
          <h2 className="text-[0.9375rem] font-semibold">
            {WORDS.decide(open.length)}
          </h2>
          <p className="text-[0.8125rem] text-muted">{WORDS.decideText}</p>
        </div>
      ) : (
        <p className="text-sm break-words text-muted">
          {lineOf(ids, fresh, known)}
        </p>
      )}
      {open.length > 0 && (
        <ul className="divide-y divide-border border-t border-border">
          {shown.map((property) => (
            <FreshRow
              key={property.id}
              property={property}
              isFree={(rename) => {
                const { mapping, preview } = steppedFile(opened);
                const next = withPropertyRenamed(mapping, rename, names);
                return mappingProblems(next, preview.headers).length === 0;
              }}
              onUse={(rename) =>
                onMapping((mapping) =>
                  withPropertyRenamed(mapping, rename, names),
                )
              }
              onKeep={() => setKept(keptProperties(sourceId, property.id))}
            />
          ))}
        </ul>
      )}
      {shown.length < open.length && (
        <Button size="sm" variant="ghost" onClick={() => setIsAll(true)}>
          {WORDS.more(open.length - shown.length)}
        </Button>
      )}
      <WrittenNames insights={insights} />
    </section>
  );
}

function lineOf(
  ids: readonly string[],
  fresh: readonly FreshProperty[],
  known: readonly KnownProperty[],
): string {
  if (known.length === 0) return WORDS.newSource(ids.length);
  return fresh.length === 0
    ? WORDS.noneNew(ids.length)
    : WORDS.fresh(fresh.map(({ id }) => id));
}

function FreshRow({
  property: { id, alike },
  isFree,
  onUse,
  onKeep,
}: {
  property: FreshProperty;
  isFree: (rename: PropertyRename) => boolean;
  onUse: (rename: PropertyRename) => void;
  onKeep: () => void;
}) {
  const choices = alike.map((other) => {
    const rename = { from: id, to: other.id, language: other.language };
    return { ...other, rename, isFree: isFree(rename) };
  });
  const taken = choices.filter((choice) => !choice.isFree);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0 text-sm">
        <code className="font-mono break-all">{id}</code>
        {choices.map((choice) => (
          <p key={choice.id} className="text-[0.8125rem] text-muted">
            <code className="font-mono break-all text-text">{choice.id}</code>
            {`: ${WORDS.by[choice.by]}`}
          </p>
        ))}
        {taken.map((choice) => (
          <p key={choice.id} className="text-[0.8125rem] text-muted">
            {WORDS.taken(choice.id)}
          </p>
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        {choices
          .filter((choice) => choice.isFree)
          .map((choice) => {
            const language = languageLabel(choice.language);
            return (
              <Button
                key={choice.id}
                size="sm"
                aria-label={WORDS.chooseLong(id, choice.id, language)}
                onClick={() => onUse(choice.rename)}
              >
                {WORDS.choose(choice.id, language)}
              </Button>
            );
          })}
        <Button
          size="sm"
          variant="ghost"
          aria-label={WORDS.keepLong(id)}
          onClick={onKeep}
        >
          {WORDS.keep}
        </Button>
      </div>
    </li>
  );
}

function languageLabel(code: string): string {
  return code === "" ? "" : (languageName(code) ?? code);
}

/** Names in cells that are no legal ids, and what they became. */
function WrittenNames({ insights }: { insights: FileInsights }) {
  const written = insights.names.filter(({ cell, id }) => cell !== id);
  if (written.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">
        {WORDS.written(written.length)}
      </summary>
      <ul
        className="relative mt-2 max-h-60 space-y-1 overflow-auto"
        tabIndex={0}
      >
        {written.map(({ cell, id }) => (
          <li key={cell} className="break-all">
            {WORDS.writtenCell(cell)}
            <span aria-hidden> → </span>
            <span className="sr-only"> {WORDS.becomes} </span>
            <code className="font-mono">{id}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
