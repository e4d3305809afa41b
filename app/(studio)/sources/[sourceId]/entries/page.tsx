import type { Metadata } from "next";

import { EntryBrowser } from "@/components/entries/entry-browser";
import {
  entryQueries,
  readEntryView,
  type EntryView,
} from "@/lib/client/entry-queries";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { sourceQueries } from "@/lib/client/source-queries";
import type { EntryPage } from "@/lib/domain/entry";
import { hasRole } from "@/lib/server/context";
import { searchEntries } from "@/lib/server/entries/service";
import { listProperties } from "@/lib/server/sources/service";

import { loadSource } from "../load-source";

export const metadata: Metadata = { title: "Entries" };

type Params = {
  params: Promise<{ sourceId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function EntriesPage({ params, searchParams }: Params) {
  const { ctx, source } = await loadSource((await params).sourceId);
  const view = readEntryView(asUrlParams(await searchParams));
  const [properties, page] = await Promise.all([
    listProperties(ctx, source.id),
    // What cannot be shown is said by the list, which asks again.
    searchEntries(ctx, source.id, view).catch(() => undefined),
  ]);
  return (
    <SeededQueries
      state={seedQueries(
        [sourceQueries.properties(source.id).queryKey, properties],
        ...(page?.isComplete ? [seed(source.id, view, page)] : []),
      )}
    >
      <EntryBrowser sourceId={source.id} mayImport={hasRole(ctx, "editor")} />
    </SeededQueries>
  );
}

function seed(
  sourceId: string,
  view: EntryView,
  page: EntryPage,
): [readonly string[], EntryPage] {
  return [entryQueries.search(sourceId, view).queryKey, page];
}

function asUrlParams(
  members: Record<string, string | string[] | undefined>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    for (const one of [value ?? []].flat()) params.append(name, one);
  }
  return params;
}
