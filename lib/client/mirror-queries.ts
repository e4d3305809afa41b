import { queryOptions } from "@tanstack/react-query";

import {
  entrySamplesSchema,
  keyPageSchema,
  type KeyPage,
} from "@/lib/domain/mirror";

import { getJson } from "./http";

const PAGE_MS_MAX = 60_000;

/** A page of a source's keys. */
export function readKeyPage(
  sourceId: string,
  after: string | null,
  signal: AbortSignal,
): Promise<KeyPage> {
  const params = new URLSearchParams(after === null ? [] : [["after", after]]);
  return getJson(
    `/api/sources/${sourceId}/keys?${params.toString()}`,
    keyPageSchema,
    AbortSignal.any([signal, AbortSignal.timeout(PAGE_MS_MAX)]),
  );
}

/** Beginnings of values of entries, by key. */
export function sampleQuery(sourceId: string, keys: readonly string[]) {
  return queryOptions({
    queryKey: ["entry-samples", sourceId, ...keys] as const,
    queryFn: async ({ signal }) => {
      const params = new URLSearchParams(keys.map((key) => ["key", key]));
      const { samples } = await getJson(
        `/api/sources/${sourceId}/samples?${params.toString()}`,
        entrySamplesSchema,
        signal,
      );
      return new Map(samples.map(({ key, text }) => [key, text]));
    },
  });
}
