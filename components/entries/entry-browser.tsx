"use client";

import {
  keepPreviousData,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { SearchX, Table2 } from "lucide-react";
import { useSearchParams } from "next/navigation";

import { FirstImportLinks } from "@/components/shell/first-import-links";
import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Pagination } from "@/components/ui/pagination";
import { Spinner } from "@/components/ui/spinner";
import {
  entryQueries,
  entryViewParams,
  readEntryView,
  type EntryView,
} from "@/lib/client/entry-queries";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import {
  ANY_LANGUAGE,
  hasPropertyFilter,
  type EntryFilter,
  type EntryPage,
} from "@/lib/domain/entry";

import { ColumnChoice } from "./column-choice";
import { EntryFilters } from "./entry-filters";
import { EntryTable } from "./entry-table";
import { ExportMenu } from "./export-menu";

const INDEXING_POLL_MS = 2_000;

export function EntryBrowser({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  const queryClient = useQueryClient();
  const view = readEntryView(useSearchParams());
  const properties = useQuery(sourceQueries.properties(sourceId)).data ?? [];
  const query = useQuery({
    ...entryQueries.search(sourceId, view, queryClient),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      (state.data?.notSearchedYet ?? 0) > 0 ? INDEXING_POLL_MS : false,
  });
  const page = query.data;

  // The address is the state: it can be shared, and back goes back. The native
  // call does not load the page again, as the router would.
  function show(next: Partial<EntryView>, isStep = true) {
    const params = entryViewParams({ ...view, ...next });
    const path = paths.sourceEntries(sourceId, params);
    if (isStep) window.history.pushState(null, "", path);
    else window.history.replaceState(null, "", path);
  }
  const changeFilter = (filter: EntryFilter) => {
    const isTyping = filter.text !== view.text && view.text !== "";
    show({ ...filter, cursor: null }, !isTyping);
  };

  if (!page) {
    return (
      <PartPlaceholder
        what="The entries"
        failure={query.error}
        retry={() => void query.refetch()}
      />
    );
  }
  if (page.total === 0) {
    return <NoEntries sourceId={sourceId} mayImport={mayImport} />;
  }

  const isFiltered = view.text !== "" || hasPropertyFilter(view);
  return (
    <div className="space-y-4">
      <EntryFilters
        filter={view}
        properties={properties}
        onChange={changeFilter}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex items-center gap-2 text-sm">
          <span className="font-medium tabular-nums">
            {countText(page, isFiltered)}
          </span>
          {(query.isPlaceholderData || !page.isComplete) && <Spinner />}
          {!page.isComplete && <SearchedUpTo page={page} />}
        </p>
        <div className="flex gap-2">
          <ColumnChoice
            columns={page.columns}
            properties={properties}
            onChoose={(columns) => show({ columns }, false)}
          />
          <ExportMenu
            sourceId={sourceId}
            filter={view}
            what={isFiltered ? "what the filter shows" : "all entries"}
          />
        </div>
      </div>
      <LiveRegion>
        {query.isPlaceholderData ? "" : `${countText(page, isFiltered)} found`}
      </LiveRegion>
      {query.isError && (
        <Notice tone="danger" title="This page could not be read">
          {query.error.message}
        </Notice>
      )}
      {page.notSearchedYet > 0 && (
        <Notice>
          {formatCount(page.notSearchedYet, "entry", "entries")} changed a
          moment ago and {page.notSearchedYet === 1 ? "is" : "are"} not searched
          yet: they may be missing here, or shown for what they said before.
          Searching by the beginning of a key always finds them.
        </Notice>
      )}
      {page.rows.length > 0 ? (
        <EntryTable sourceId={sourceId} page={page} />
      ) : (
        page.isComplete && (
          <NothingFound
            clear={() =>
              show({
                text: "",
                property: null,
                language: ANY_LANGUAGE,
                presence: "present",
                cursor: null,
              })
            }
          />
        )
      )}
      {(page.next !== null || page.previous !== null) && (
        <Pagination
          previous={
            page.previous === null
              ? undefined
              : () => show({ cursor: page.previous })
          }
          next={
            page.next === null ? undefined : () => show({ cursor: page.next })
          }
        >
          {formatCount(page.rows.length, "entry", "entries")} on this page
        </Pagination>
      )}
    </div>
  );
}

function SearchedUpTo({ page }: { page: EntryPage }) {
  const key = (page.next ?? page.previous)?.slice(3);
  return (
    <span className="min-w-0 truncate text-muted">
      searched up to <span className="font-mono">{key}</span>, going on…
    </span>
  );
}

function countText({ count, total }: EntryPage, isFiltered: boolean): string {
  const all = formatCount(total, "entry", "entries");
  if (!isFiltered) return all;
  const found = count.isExact
    ? formatNumber(count.value)
    : `At least ${formatNumber(count.value)}`;
  return `${found} of ${all}`;
}

function NoEntries({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  return (
    <EmptyState
      icon={<Table2 />}
      title="No entries yet"
      actions={<FirstImportLinks sourceId={sourceId} mayImport={mayImport} />}
    >
      Import a spreadsheet, or let a program push entries through the API.
    </EmptyState>
  );
}

function NothingFound({ clear }: { clear: () => void }) {
  return (
    <EmptyState
      icon={<SearchX />}
      title="No entry matches"
      actions={<Button onClick={clear}>Clear search and filter</Button>}
    >
      Each word must begin a word in a value or in the key. Try fewer or shorter
      words, or another property.
    </EmptyState>
  );
}
