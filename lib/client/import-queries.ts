import { queryOptions } from "@tanstack/react-query";

import {
  importRunSchema,
  runBatchPageSchema,
  runPageSchema,
  type RunFilter,
} from "@/lib/domain/import-run";

import { runChainSchema } from "@/lib/domain/run-chain";
import {
  remoteBatchPageSchema,
  remoteReplyPageSchema,
} from "@/lib/domain/remote-batch";
import { runMediaSchema } from "@/lib/domain/run-media";
import { setAsidePageSchema } from "@/lib/domain/set-aside";

import { getJson } from "./http";

const MEDIA_POLL_MS = 2_000;
const REMOTE_POLL_MS = 1_500;

const runPath = (runId: string) =>
  `/api/import-runs/${encodeURIComponent(runId)}`;

/** Keys and fetchers for import runs. Invalidate `all()` after any change to a run. */
export const importQueries = {
  all: () => ["import-runs"] as const,
  list: (filter: RunFilter) =>
    queryOptions({
      queryKey: [...importQueries.all(), "list", filter] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/import-runs?${asSearch(filter)}`, runPageSchema, signal),
    }),
  run: (runId: string) =>
    queryOptions({
      queryKey: [...importQueries.all(), "run", runId] as const,
      queryFn: ({ signal }) => getJson(runPath(runId), importRunSchema, signal),
    }),
  /** `applied` is the run's number of batches: with more of them the page is asked for again. */
  batches: (runId: string, after: number, applied: number) =>
    queryOptions({
      queryKey: [
        ...importQueries.all(),
        "batches",
        runId,
        after,
        applied,
      ] as const,
      queryFn: ({ signal }) =>
        getJson(
          `${runPath(runId)}/batches?after=${after}`,
          runBatchPageSchema,
          signal,
        ),
    }),
  /** Of a run into a remote source; asked for again as long as the run is open, and when more is accepted. */
  remoteBatches: (
    runId: string,
    page: { after: number; isOpen: boolean; accepted: number },
  ) =>
    queryOptions({
      queryKey: [
        ...importQueries.all(),
        "remote-batches",
        runId,
        page,
      ] as const,
      queryFn: ({ signal }) =>
        getJson(
          `${runPath(runId)}/remote-batches?after=${page.after}`,
          remoteBatchPageSchema,
          signal,
        ),
      refetchInterval: page.isOpen ? REMOTE_POLL_MS : false,
    }),
  /** `replies` is how many are known: with more of them the list is asked for again. */
  remoteReplies: (runId: string, sequence: number, replies: number) =>
    queryOptions({
      queryKey: [
        ...importQueries.all(),
        "remote-replies",
        runId,
        sequence,
        replies,
      ] as const,
      queryFn: ({ signal }) =>
        getJson(
          `${runPath(runId)}/remote-batches/${sequence}`,
          remoteReplyPageSchema,
          signal,
        ),
      enabled: replies > 0,
      placeholderData: (before) => before,
    }),
  /** The run and those it is joined with by rejected rows dropped again. */
  chain: (runId: string) =>
    queryOptions({
      queryKey: [...importQueries.all(), "chain", runId] as const,
      queryFn: ({ signal }) =>
        getJson(`${runPath(runId)}/chain`, runChainSchema, signal),
    }),
  /** `aside` is how many the run has set aside: with more of them the page is asked for again. */
  setAside: (runId: string, after: number, aside: number) =>
    queryOptions({
      queryKey: [
        ...importQueries.all(),
        "set-aside",
        runId,
        after,
        aside,
      ] as const,
      queryFn: ({ signal }) =>
        getJson(
          `${runPath(runId)}/set-aside?after=${after}`,
          setAsidePageSchema,
          signal,
        ),
    }),
  /** Asked again as long as the run is open or files of it are being fetched. */
  media: (runId: string, isOpen: boolean) =>
    queryOptions({
      queryKey: [...importQueries.all(), "media", runId] as const,
      queryFn: ({ signal }) =>
        getJson(`${runPath(runId)}/media`, runMediaSchema, signal),
      refetchInterval: ({ state: { data } }) =>
        isOpen || (data && data.files.created + data.files.progress > 0)
          ? MEDIA_POLL_MS
          : false,
    }),
};

function asSearch(filter: RunFilter): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value) search.set(name, value);
  }
  return search.toString();
}
