"use client";

import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { useId, useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Pagination } from "@/components/ui/pagination";
import { Select } from "@/components/ui/select";
import { formatNumber } from "@/lib/client/format-number";
import {
  ENTRY_CHANGES,
  type ChangeTotals,
  type EntryChange,
} from "@/lib/domain/entry-changes";
import type { DiffFilter, DiffPage, EntryDiff } from "@/lib/domain/entry-diff";
import { DIFF, ENTRY_CHANGE_NAMES, FORECAST } from "@/lib/wording/forecast";

import { DiffEntry } from "./diff-entry";

const ENTRIES_PER_PAGE = 10;

export type DiffBrowserProps = {
  /** Of what the pages are: another one begins anew. */
  id: string;
  totals: ChangeTotals;
  /** Some of the entries; `null` when they are lost. */
  loadPage: (
    filter: DiffFilter,
    from: number,
    count: number,
  ) => Promise<DiffPage | null>;
  /** The page of an entry that exists. */
  hrefOf?: ((entry: EntryDiff) => Route | undefined) | undefined;
  filter: DiffFilter;
  onFilter: (filter: DiffFilter) => void;
};

/** All entries of a forecast with what becomes of their values, filtered and page by page. */
export function DiffBrowser({
  id,
  totals,
  loadPage,
  hrefOf,
  filter,
  onFilter,
}: DiffBrowserProps) {
  const [place, setPlace] = useState({ key: "", from: 0 });
  const key = JSON.stringify([id, filter]);
  const from = place.key === key ? place.from : 0;
  const { data, isPending } = useQuery({
    queryKey: ["forecast", id, "page", filter, from] as const,
    queryFn: () => loadPage(filter, from, ENTRIES_PER_PAGE),
    // What was read stays so; another forecast has another id.
    staleTime: Infinity,
    retry: false,
  });
  const goTo = (next: number) => () => setPlace({ key, from: next });
  const to = from + (data?.entries.length ?? 0);
  return (
    <div className="space-y-3">
      <Filters {...{ totals, filter, onFilter }} />
      <div
        role="region"
        aria-label={DIFF.entries}
        aria-busy={isPending}
        className="divide-y divide-border overflow-hidden rounded-card border border-border bg-surface"
      >
        {data === null && (
          <Notice tone="warning" className="m-3">
            {FORECAST.lost}
          </Notice>
        )}
        {isPending && (
          <p className="px-4 py-3.5 text-sm text-muted">{FORECAST.reading}</p>
        )}
        {data?.entries.length === 0 && (
          <p className="px-4 py-3.5 text-sm text-muted">{FORECAST.nothing}</p>
        )}
        {data?.entries.map((entry) => (
          <DiffEntry
            key={`${entry.key} ${entry.row ?? ""}`}
            entry={entry}
            href={hrefOf?.(entry)}
          />
        ))}
      </div>
      {data && data.total > ENTRIES_PER_PAGE && (
        <Pagination
          previous={from > 0 ? goTo(from - ENTRIES_PER_PAGE) : undefined}
          next={to < data.total ? goTo(to) : undefined}
        >
          {DIFF.pageOf(from + 1, to, data.total)}
        </Pagination>
      )}
    </div>
  );
}

function Filters({
  totals: { entries, properties },
  filter,
  onFilter,
}: Pick<DiffBrowserProps, "totals" | "filter" | "onFilter">) {
  const label = useId();
  const shown = ENTRY_CHANGES.filter((change) => entries[change] > 0);
  const all = shown.reduce((sum, change) => sum + entries[change], 0);
  const changing = properties.filter(
    ({ set, replaced, cleared }) => set + replaced + cleared > 0,
  );
  const choices: [EntryChange | null, string, number][] = [
    [null, DIFF.all, all],
    ...shown.map((change): [EntryChange, string, number] => [
      ...([change, ENTRY_CHANGE_NAMES[change], entries[change]] as const),
    ]),
  ];
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <div
        role="group"
        aria-label={DIFF.whichEntries}
        className="flex max-w-full flex-wrap gap-1"
      >
        {choices.map(([change, name, count]) => (
          <Button
            key={name}
            size="sm"
            variant={filter.change === change ? "secondary" : "ghost"}
            aria-pressed={filter.change === change}
            onClick={() => onFilter({ ...filter, change })}
          >
            {name}
            <span className="text-muted tabular-nums">
              {formatNumber(count)}
            </span>
          </Button>
        ))}
      </div>
      <div className="flex min-w-0 items-center gap-2">
        <label htmlFor={label} className="text-[0.8125rem] text-muted">
          {DIFF.property}
        </label>
        <Select
          id={label}
          className="w-52"
          value={filter.property ?? ""}
          onChange={({ target }) =>
            onFilter({ ...filter, property: target.value || null })
          }
        >
          <option value="">{DIFF.anyProperty}</option>
          {changing.map(({ id, language }) => (
            <option
              key={`${id}:${language ?? ""}`}
              value={`${id}:${language ?? ""}`}
            >
              {language ? `${id} (${language})` : id}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}
