"use client";

import { Ban, Pencil, RotateCcw } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";

import { LoadingState } from "@/components/shell/loading-state";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { MediaActions } from "@/lib/client/media-actions";
import type { SendState } from "@/lib/client/media-sender";
import {
  resumeSubmission,
  sendStateOf,
  subscribeToSending,
} from "@/lib/client/media-sending";
import { isOpen } from "@/lib/client/media-texts";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import { useSubmission } from "@/lib/client/use-submission";
import type { MediaFile, MediaState } from "@/lib/domain/media";
import { MEDIA_PAGE_LIMITS } from "@/lib/domain/media-page";
import type { ActionResult } from "@/lib/domain/result";

import { SubmissionList, type SubmissionShown } from "./submission-list";

type SubmissionViewProps = {
  submissionId: string;
  actions: MediaActions | undefined;
};

/** One press of "send": what has become of each of its links. */
export function SubmissionView({ submissionId, actions }: SubmissionViewProps) {
  const sending = useSending(submissionId, actions);
  const query = useSubmission(
    submissionId,
    sending && {
      isSending: sending.isSending,
      answered: sending.record.answered,
    },
  );
  const [shown, setShown] = useState<SubmissionShown>("all");
  const files = query.data?.files;
  if (!files) {
    return query.isError ? (
      <Notice tone="danger" title="The submission could not be read">
        {query.error.message}
      </Notice>
    ) : (
      <LoadingState />
    );
  }
  const refused = sending?.record.refused ?? [];
  const unsent = sending
    ? sending.record.links.length - sending.record.answered
    : 0;
  if (files.length === 0 && unsent === 0 && refused.length === 0) {
    return (
      <EmptyState
        title="This submission has no files"
        actions={<LinkButton href={paths.media()}>See all media</LinkButton>}
      >
        They were deleted, or the address is not complete.
      </EmptyState>
    );
  }
  const counts = countStates(files);
  const problem = sending?.problem;
  return (
    <div className="space-y-5">
      <Overview
        files={files}
        counts={counts}
        unsent={unsent}
        refused={refused.length}
        reused={sending?.record.reused ?? 0}
      />
      {query.isError && (
        <Notice tone="warning" title="The numbers may be out of date">
          {query.error.message}
        </Notice>
      )}
      {sending?.isWaiting && (
        <Notice tone="warning" title="The server does not answer">
          {`${formatCount(unsent, "link")} wait in this browser and are sent as soon as it is back.`}
        </Notice>
      )}
      {problem && (
        <Notice
          tone="danger"
          title={`${formatCount(unsent, "link")} could not be sent`}
          actions={
            actions && (
              <Button
                onClick={() =>
                  void resumeSubmission(submissionId, actions.sendLinks)
                }
              >
                Try again
              </Button>
            )
          }
        >
          {problem}
        </Notice>
      )}
      {actions && (
        <BulkActions
          submissionId={submissionId}
          files={files}
          counts={counts}
          actions={actions}
          refetch={() => void query.refetch()}
        />
      )}
      <SubmissionList
        files={files}
        links={sending?.record.links ?? []}
        refused={refused}
        counts={counts}
        shown={shown}
        onShow={setShown}
        actions={actions}
        refetch={() => void query.refetch()}
      />
    </div>
  );
}

export type StateCounts = Record<MediaState, number>;

function countStates(files: readonly MediaFile[]): StateCounts {
  const counts: StateCounts = {
    ...{ created: 0, progress: 0, failed: 0, cancelled: 0, completed: 0 },
  };
  for (const { state } of files) counts[state] += 1;
  return counts;
}

function useSending(
  submissionId: string,
  actions: MediaActions | undefined,
): SendState | undefined {
  const send = actions?.sendLinks;
  useEffect(() => {
    void resumeSubmission(submissionId, send);
  }, [submissionId, send]);
  return useSyncExternalStore(
    subscribeToSending,
    () => sendStateOf(submissionId),
    () => undefined,
  );
}

function Overview({
  files,
  counts,
  unsent,
  refused,
  reused,
}: {
  files: readonly MediaFile[];
  counts: StateCounts;
  unsent: number;
  refused: number;
  reused: number;
}) {
  const total = files.length + unsent + refused;
  const ended = counts.completed + counts.failed + counts.cancelled + refused;
  const bytes = files.reduce((sum, { arrivedBytes }) => sum + arrivedBytes, 0);
  const isDone = ended === total;
  const failed = counts.failed + refused;
  const parts = [
    unsent > 0 && `${formatNumber(unsent)} to be sent`,
    counts.created > 0 && `${formatNumber(counts.created)} waiting`,
    counts.progress > 0 && `${formatNumber(counts.progress)} downloading`,
    `${formatNumber(counts.completed)} done`,
    counts.failed > 0 && `${formatNumber(counts.failed)} failed`,
    refused > 0 && `${formatNumber(refused)} refused`,
    counts.cancelled > 0 && `${formatNumber(counts.cancelled)} cancelled`,
    reused > 0 && `${formatCount(reused, "existing file")} kept`,
  ].filter(Boolean);
  const title = isDone
    ? failed > 0
      ? `Ended: ${formatCount(counts.completed, "file")} done, ${formatNumber(failed)} failed`
      : `Ended: ${formatCount(counts.completed, "file")} done`
    : "Fetching the files";
  return (
    <>
      <LiveRegion>{isDone ? title : undefined}</LiveRegion>
      <div className="space-y-3 rounded-card border border-border bg-surface p-5 shadow-card">
        <div className="flex flex-wrap items-baseline justify-between gap-2">
          <p className="text-[0.9375rem] font-semibold">{title}</p>
          <p className="text-lg font-semibold tabular-nums">
            {formatPercent(ended, total)}
          </p>
        </div>
        <Progress
          label="Share of the links that have ended"
          value={ended}
          max={total}
          tone={
            !isDone ? "accent" : counts.completed > 0 ? "success" : "danger"
          }
        />
        <p className="text-sm text-muted">
          {`${parts.join(", ")}; ${formatBytes(bytes)} arrived`}
        </p>
        {!isDone && unsent === 0 && (
          <p className="text-[0.8125rem] text-muted">
            You may leave this page: the server goes on by itself.
          </p>
        )}
      </div>
    </>
  );
}

function BulkActions({
  submissionId,
  files,
  counts,
  actions,
  refetch,
}: {
  submissionId: string;
  files: readonly MediaFile[];
  counts: StateCounts;
  actions: MediaActions;
  refetch: () => void;
}) {
  const [isBusy, setIsBusy] = useState(false);
  const open = counts.created + counts.progress;
  if (open === 0 && counts.failed === 0 && counts.cancelled === 0) return null;
  const again = files.filter(
    ({ state }) => state === "failed" || state === "cancelled",
  );
  async function retry() {
    setIsBusy(true);
    const failed = await inParts(again, actions.retry, (left) =>
      toast.warning(
        `${formatCount(left, "file")} cannot be retried: another file has the unique identifier by now.`,
      ),
    );
    if (failed) toast.error(failed);
    setIsBusy(false);
    refetch();
  }
  return (
    <div className="flex flex-wrap gap-2">
      {again.length > 0 && (
        <Button isLoading={isBusy} onClick={() => void retry()}>
          <RotateCcw aria-hidden />
          {counts.failed > 0
            ? `Retry the failed (${formatNumber(again.length)})`
            : `Fetch the cancelled (${formatNumber(again.length)})`}
        </Button>
      )}
      {counts.failed > 0 && (
        <LinkButton
          href={paths.media(
            mediaViewParams({ add: "links", from: submissionId }),
          )}
        >
          <Pencil aria-hidden />
          Correct the failed links
        </LinkButton>
      )}
      {open > 0 && (
        <AlertDialog
          trigger={
            <Button>
              <Ban aria-hidden />
              {`Cancel the rest (${formatNumber(open)})`}
            </Button>
          }
          title={`Cancel ${formatCount(open, "download")}?`}
          description="Files that are done stay. What has not arrived is given up; it can be fetched again with Retry."
          confirmLabel="Cancel the downloads"
          onConfirm={async () => {
            const failed = await inParts(files.filter(isOpen), actions.cancel);
            refetch();
            return failed;
          }}
        />
      )}
    </div>
  );
}

/** A sentence when one of the parts failed. */
async function inParts(
  files: readonly MediaFile[],
  act: (ids: string[]) => Promise<ActionResult<{ files: number }>>,
  onLeft?: (files: number) => void,
): Promise<string | undefined> {
  const ids = files.map(({ id }) => id);
  let done = 0;
  for (let at = 0; at < ids.length; at += MEDIA_PAGE_LIMITS.idsMax) {
    const part = ids.slice(at, at + MEDIA_PAGE_LIMITS.idsMax);
    const result = await act(part).catch(() => undefined);
    if (!result?.ok) {
      return (
        result?.error.message ??
        "The server could not be reached. Check the connection, then try again."
      );
    }
    done += result.data.files;
  }
  if (done < ids.length) onLeft?.(ids.length - done);
  return undefined;
}
