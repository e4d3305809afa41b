import { infiniteQueryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { loggedImportSchema } from "@/lib/domain/import-log";
import { runPageSchema } from "@/lib/domain/import-run";

import { getJson } from "./http";
import { sourceQueries } from "./source-queries";

const REFRESH_MS = 5_000;

const pushPageSchema = z.object({
  imports: z.array(loggedImportSchema),
  next: z.string().nullable(),
});

/** The imports of one source in pages, newest first: runs of the Studio, and what providers pushed. */
export const sourceImportQueries = {
  runs: (sourceId: string) =>
    infiniteQueryOptions({
      queryKey: [...sourceQueries.all(), sourceId, "runs"] as const,
      queryFn: ({ pageParam, signal }) =>
        getJson(
          `/api/import-runs?${asSearch({ sourceId, cursor: pageParam })}`,
          runPageSchema,
          signal,
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      // A run that goes on changes its counts.
      refetchInterval: ({ state }) =>
        state.data?.pages[0]?.runs.some((run) => run.status === "running")
          ? REFRESH_MS
          : false,
    }),
  pushes: (sourceId: string) =>
    infiniteQueryOptions({
      queryKey: [...sourceQueries.all(), sourceId, "pushes"] as const,
      queryFn: ({ pageParam, signal }) =>
        getJson(
          `/api/sources/${sourceId}/imports?${asSearch({ before: pageParam })}`,
          pushPageSchema,
          signal,
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
};

function asSearch(values: Record<string, string | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) search.set(name, value);
  }
  return search.toString();
}
