import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import type { MediaFile } from "@/lib/domain/media";
import type { SubmissionChanges } from "@/lib/domain/media-page";

import { mediaQueries, readSubmissionChanges } from "./media-queries";
import { isOpen } from "./media-texts";

const POLL_MS = 1_000;
/** While another browser has links left and is silent. */
const SILENT_POLL_MS = 10_000;
/** A change that slipped between two answers is found by reading all again. */
const WHOLE_EVERY = 20;

export type WatchedSubmission = {
  /** In the order in which they were listed. */
  files: MediaFile[];
  until: string;
  /** What the sender's browser has announced. */
  announced: SubmissionChanges["submission"];
  asked: number;
};

/**
 * Follows a submission: once a second while anything of it is open or being
 * sent, by this browser or another, and with each batch that this one has sent.
 */
export function useSubmission(
  submissionId: string,
  sending?: { isSending: boolean; answered: number },
) {
  const queryClient = useQueryClient();
  const queryKey = [...mediaQueries.all(), "submission", submissionId] as const;
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<WatchedSubmission> => {
      const before = queryClient.getQueryData<WatchedSubmission>(queryKey);
      const asked = (before?.asked ?? 0) + 1;
      const isWhole = !before || asked % WHOLE_EVERY === 0;
      const since = isWhole ? null : before.until;
      const part = await readSubmissionChanges(submissionId, since, signal);
      const files = isWhole ? part.files : merge(before.files, part.files);
      if (files.length === part.total || isWhole) {
        return toWatched(part, files, asked);
      }
      // Something was deleted meanwhile.
      const whole = await readSubmissionChanges(submissionId, null, signal);
      return toWatched(whole, whole.files, asked);
    },
    refetchInterval: ({ state: { data } }) =>
      sending?.isSending || (data && isUnderWay(data))
        ? POLL_MS
        : data?.announced && data.announced.answered < data.announced.links
          ? SILENT_POLL_MS
          : false,
  });
  const { refetch } = query;
  const answered = sending?.answered ?? 0;
  useEffect(() => {
    if (answered > 0) void refetch();
  }, [answered, refetch]);
  return query;
}

function isUnderWay({ files, announced }: WatchedSubmission): boolean {
  return announced?.isSending === true || files.some(isOpen);
}

function toWatched(
  { until, submission }: SubmissionChanges,
  files: MediaFile[],
  asked: number,
): WatchedSubmission {
  return { files: inOrder(files), until, announced: submission, asked };
}

function merge(before: readonly MediaFile[], changed: readonly MediaFile[]) {
  const files = new Map(before.map((file) => [file.id, file]));
  for (const file of changed) files.set(file.id, file);
  return [...files.values()];
}

/** The ids of a submission's files sort like their places in it. */
function inOrder(files: MediaFile[]): MediaFile[] {
  return files.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
