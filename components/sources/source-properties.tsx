"use client";

import { useQuery } from "@tanstack/react-query";
import { TableProperties } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";

import { FirstImportLinks } from "@/components/shell/first-import-links";
import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { TextField } from "@/components/ui/field";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { sourceQueries } from "@/lib/client/source-queries";
import { findLookAlikes } from "@/lib/domain/look-alikes";
import type { SourceProperty } from "@/lib/domain/source";

import { PropertyTable } from "./property-table";

/** More are drawn on request: a source may know thousands. */
const PAGE_SIZE = 200;

export function SourceProperties({
  sourceId,
  entryCount,
  mayImport,
}: {
  sourceId: string;
  entryCount: number;
  mayImport: boolean;
}) {
  const query = useQuery(sourceQueries.properties(sourceId));
  const source = useQuery(sourceQueries.one(sourceId));
  const [text, setText] = useState("");
  const [shownMax, setShownMax] = useState(PAGE_SIZE);
  const wanted = useDeferredValue(text);
  const lookAlikes = useMemo(
    () => findLookAlikes((query.data ?? []).map((property) => property.id)),
    [query.data],
  );

  if (!query.data) {
    return (
      <PartPlaceholder
        what="The properties"
        failure={query.error}
        retry={() => void query.refetch()}
      />
    );
  }
  if (query.data.length === 0) {
    return <NoProperty sourceId={sourceId} mayImport={mayImport} />;
  }

  const matching = query.data.filter((property) => isWanted(property, wanted));
  const shown = matching.slice(0, shownMax);
  const all = formatCount(query.data.length, "property", "properties");
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <TextField
          label="Filter properties"
          isLabelHidden
          type="search"
          placeholder="Filter by id, language or sample"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-full max-w-sm"
        />
        <p role="status" className="text-[0.8125rem] text-muted tabular-nums">
          {wanted ? `${formatNumber(matching.length)} of ${all}` : all}
          {lookAlikes.size > 0 &&
            ` · ${formatNumber(lookAlikes.size)} look alike`}
        </p>
      </div>
      {shown.length === 0 ? (
        <p className="py-8 text-center text-sm text-muted">
          No property matches “{wanted}”.
        </p>
      ) : (
        <PropertyTable
          properties={shown}
          entryCount={source.data?.entryCount ?? entryCount}
          lookAlikes={lookAlikes}
        />
      )}
      {matching.length > shown.length && (
        <Button onClick={() => setShownMax(shownMax + PAGE_SIZE)}>
          Show more ({formatNumber(matching.length - shown.length)} left)
        </Button>
      )}
    </div>
  );
}

function isWanted(property: SourceProperty, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return (
    property.id.toLowerCase().includes(wanted) ||
    (property.sample ?? "").toLowerCase().includes(wanted) ||
    property.languages.some(
      ({ language }) => language?.toLowerCase() === wanted,
    )
  );
}

function NoProperty({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  return (
    <EmptyState
      icon={<TableProperties />}
      title="No property seen yet"
      actions={<FirstImportLinks sourceId={sourceId} mayImport={mayImport} />}
    >
      Properties need not be defined. Import something: every property id and
      language that arrives is listed here, with how many entries have it.
    </EmptyState>
  );
}
