"use client";

import type { Route } from "next";
import { useState } from "react";

import { Tabs } from "@/components/ui/tabs";
import type { ChangeTotals } from "@/lib/domain/entry-changes";
import type { DiffFilter, DiffPage, EntryDiff } from "@/lib/domain/entry-diff";
import { FORECAST } from "@/lib/wording/forecast";

import { DiffBrowser } from "./diff-browser";
import { DiffProperties } from "./diff-properties";

type ChangesTabsProps = {
  /** Changes when the changes are others. */
  id: string;
  label: string;
  totals: ChangeTotals;
  /** Which entries are shown at first. */
  firstChange: DiffFilter["change"];
  loadPage: (
    filter: DiffFilter,
    from: number,
    count: number,
  ) => Promise<DiffPage | null>;
  hrefOf: (entry: EntryDiff) => Route | undefined;
};

/** Changes entry by entry and property by property; a property leads to its entries. */
export function ChangesTabs({
  id,
  label,
  totals,
  firstChange,
  loadPage,
  hrefOf,
}: ChangesTabsProps) {
  const [tab, setTab] = useState("entry");
  const [filter, setFilter] = useState<DiffFilter>({
    ...{ change: firstChange, property: null },
  });
  return (
    <Tabs
      label={label}
      value={tab}
      onValueChange={setTab}
      tabs={[
        {
          value: "entry",
          label: FORECAST.byEntry,
          content: (
            <>
              <h3 className="sr-only">{FORECAST.byEntry}</h3>
              <DiffBrowser
                {...{ id, totals, loadPage, filter, hrefOf }}
                onFilter={setFilter}
              />
            </>
          ),
        },
        {
          value: "property",
          label: FORECAST.byProperty,
          content: (
            <DiffProperties
              properties={totals.properties}
              onPick={(property) => {
                setFilter({ change: null, property });
                setTab("entry");
              }}
            />
          ),
        },
      ]}
    />
  );
}
