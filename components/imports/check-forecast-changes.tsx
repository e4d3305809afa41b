"use client";

import { readStoredValues } from "@/lib/client/entry-queries";
import type { ForecastTracker } from "@/lib/client/forecast-tracker";
import { paths } from "@/lib/client/paths";
import type { ChangeTotals } from "@/lib/domain/entry-changes";
import {
  completeDiff,
  type DiffFilter,
  type DiffPage,
  type EntryDiff,
} from "@/lib/domain/entry-diff";
import { FORECAST } from "@/lib/wording/forecast";

import { ChangesTabs } from "./changes-tabs";

/** The changes themselves, entry by entry and property by property. */
export function CheckForecastChanges({
  forecast,
  sourceId,
  forecastId,
  totals,
}: {
  forecast: ForecastTracker;
  sourceId: string;
  forecastId: string;
  totals: ChangeTotals;
}) {
  async function loadPage(
    wanted: DiffFilter,
    from: number,
    count: number,
  ): Promise<DiffPage | null> {
    const page = await forecast.page(wanted, from, count);
    if (!page) return null;
    return { ...page, entries: await withStored(sourceId, page.entries) };
  }

  return (
    <ChangesTabs
      id={forecastId}
      label={FORECAST.views}
      firstChange={firstChange(totals)}
      {...{ totals, loadPage }}
      hrefOf={(entry) =>
        isStored(entry) ? paths.entry(sourceId, entry.key) : undefined
      }
    />
  );
}

/** Changed entries first, where there are some: they are what a person wants to see. */
function firstChange({ entries }: ChangeTotals): DiffFilter["change"] {
  return entries.updated > 0 ? "updated" : null;
}

function isStored({ change }: EntryDiff): boolean {
  return change === "updated" || change === "deleted" || change === "unchanged";
}

/** Adds what is stored and not sent. Without an answer the entries are shown as they are. */
async function withStored(
  sourceId: string,
  entries: EntryDiff[],
): Promise<EntryDiff[]> {
  const keys = entries.filter(isStored).map(({ key }) => key);
  if (keys.length === 0) return entries;
  const stored = await readStoredValues(sourceId, keys).catch(() => undefined);
  const values = new Map(
    stored?.entries.map((entry) => [entry.key, entry.values]),
  );
  return entries.map((entry) =>
    isStored(entry) ? completeDiff(entry, values.get(entry.key) ?? []) : entry,
  );
}
