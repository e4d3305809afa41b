import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type { TakenFile } from "@/lib/domain/link-plan";
import {
  identifierAnswerSchema,
  MEDIA_PAGE_LIMITS,
  mediaFileSchema,
  mediaPageSchema,
  submissionChangesSchema,
  submissionPageSchema,
  type MediaFilter,
  type SubmissionChanges,
} from "@/lib/domain/media-page";

import { MEDIA_LIMITS } from "@/lib/domain/limits";

import { getJson, postJson } from "./http";

/** Keys and fetchers for media files. Invalidate `all()` after any change to one. */
export const mediaQueries = {
  all: () => ["media"] as const,
  list: (filter: MediaFilter) =>
    infiniteQueryOptions({
      queryKey: [...mediaQueries.all(), "list", filter] as const,
      queryFn: ({ pageParam, signal }) =>
        getJson(
          `/api/media?${asSearch({ ...filter, after: pageParam })}`,
          mediaPageSchema,
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: ({ next }) => next ?? undefined,
    }),
  submissions: () =>
    infiniteQueryOptions({
      queryKey: [...mediaQueries.all(), "submissions"] as const,
      queryFn: ({ pageParam, signal }) =>
        getJson(
          `/api/media/submissions?${asSearch({ after: pageParam })}`,
          submissionPageSchema,
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: ({ next }) => next ?? undefined,
    }),
  file: (fileId: string) =>
    queryOptions({
      queryKey: [...mediaQueries.all(), "file", fileId] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/media/${fileId}`, mediaFileSchema, signal),
    }),
};

/** What has changed in a submission since `until` of the answer before; everything without it. */
export function readSubmissionChanges(
  submissionId: string,
  until: string | null,
  signal: AbortSignal,
): Promise<SubmissionChanges> {
  const search = until ? `?${asSearch({ since: until })}` : "";
  return getJson(
    `/api/media/submissions/${submissionId}${search}`,
    submissionChangesSchema,
    signal,
  );
}

/** Which of the identifiers a file has already, here or at the endpoint; `null` for those that are free. */
export async function lookUpIdentifiers(
  identifiers: readonly string[],
  endpointId: string | null,
  signal: AbortSignal,
): Promise<Map<string, TakenFile | null>> {
  const found = new Map<string, TakenFile | null>();
  // An endpoint answers for so many at once: one request there for each here.
  const most =
    endpointId === null
      ? MEDIA_PAGE_LIMITS.idsMax
      : MEDIA_LIMITS.identifiersPerRequestMax;
  for (let at = 0; at < identifiers.length; at += most) {
    const part = identifiers.slice(at, at + most);
    const taken = await postJson(
      "/api/media/identifiers",
      { identifiers: part, endpointId },
      identifierAnswerSchema,
      signal,
    );
    for (const identifier of part) found.set(identifier, null);
    for (const [identifier, file] of taken) found.set(identifier, file);
  }
  return found;
}

function asSearch(members: Record<string, string | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value) search.set(name, value);
  }
  return search.toString();
}
