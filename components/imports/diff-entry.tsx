"use client";

import { ExternalLink } from "lucide-react";
import type { Route } from "next";
import { useId, useState } from "react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { languageName } from "@/lib/client/language-options";
import type { EntryChange } from "@/lib/domain/entry-changes";
import type { EntryDiff, ValueDiff } from "@/lib/domain/entry-diff";
import { DIFF, ENTRY_CHANGE_NAMES } from "@/lib/wording/forecast";

import { DiffValue } from "./diff-value";

export const ENTRY_CHANGE_TONES: Record<EntryChange, BadgeTone> = {
  created: "success",
  updated: "accent",
  deleted: "danger",
  unchanged: "neutral",
  unknown: "neutral",
  aside: "warning",
};

/** One entry and what becomes of its values; those that stay are folded away. */
export function DiffEntry({
  entry,
  href,
}: {
  entry: EntryDiff;
  /** The entry's own page, for one that exists. */
  href?: Route | undefined;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const title = useId();
  const rest = useId();
  const isKept = ({ change }: ValueDiff) =>
    change === "same" || change === "left";
  const changed = entry.values.filter((value) => !isKept(value));
  const kept = entry.values.filter(isKept);
  return (
    <article aria-labelledby={title} className="px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3
          id={title}
          className="min-w-0 font-mono text-sm font-semibold wrap-anywhere"
        >
          {entry.key}
        </h3>
        <Badge tone={ENTRY_CHANGE_TONES[entry.change]}>
          {ENTRY_CHANGE_NAMES[entry.change]}
        </Badge>
        {entry.row !== null && (
          <span className="text-[0.8125rem] text-muted tabular-nums">
            {DIFF.row(entry.row)}
          </span>
        )}
        {href && (
          <LinkButton
            href={href}
            target="_blank"
            size="iconSm"
            variant="ghost"
            className="ml-auto"
            aria-label={DIFF.open(entry.key)}
          >
            <ExternalLink aria-hidden />
          </LinkButton>
        )}
      </div>
      {changed.length > 0 && <Values values={changed} />}
      {entry.values.length === 0 && entry.change === "created" && (
        <p className="mt-1 text-[0.8125rem] text-muted">{DIFF.noValues}</p>
      )}
      {kept.length > 0 && (
        <>
          <Button
            size="sm"
            variant="ghost"
            className="mt-1.5 -ml-2"
            aria-expanded={isOpen}
            aria-controls={rest}
            onClick={() => setIsOpen(!isOpen)}
          >
            {DIFF.rest(kept.length, isOpen)}
          </Button>
          <div id={rest} hidden={!isOpen}>
            {isOpen && <Values values={kept} />}
          </div>
        </>
      )}
    </article>
  );
}

function Values({ values }: { values: readonly ValueDiff[] }) {
  return (
    <dl className="mt-2 divide-y divide-border rounded-control border border-border text-sm">
      {values.map((value) => (
        <div
          key={`${value.id}:${value.language ?? ""}`}
          className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)]"
        >
          <dt className="min-w-0 text-xs leading-5">
            <span className="font-mono wrap-anywhere">{value.id}</span>
            {value.language && (
              <span
                className="ml-1.5 text-muted"
                title={languageName(value.language)}
              >
                {value.language}
              </span>
            )}
          </dt>
          <dd className="min-w-0">
            <DiffValue value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
