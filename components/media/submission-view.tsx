"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

import { LoadingState } from "@/components/shell/loading-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/client/format-number";
import type { MediaActions } from "@/lib/client/media-actions";
import type { SendState } from "@/lib/client/media-sender";
import {
  resumeSubmission,
  sendStateOf,
  subscribeToSending,
} from "@/lib/client/media-sending";
import { paths } from "@/lib/client/paths";
import { useSubmission } from "@/lib/client/use-submission";

import { useMediaOwner } from "./media-owner";
import { RemoteHeld } from "./remote-held";
import { countStates } from "./state-counts";
import { SubmissionActions } from "./submission-actions";
import { SubmissionList, type SubmissionShown } from "./submission-list";
import { SubmissionOverview } from "./submission-overview";

type SubmissionViewProps = {
  submissionId: string;
  actions: MediaActions | undefined;
};

/** One press of "send": what has become of each of its links. */
export function SubmissionView({ submissionId, actions }: SubmissionViewProps) {
  const owner = useMediaOwner();
  const sending = useSending(submissionId, owner, actions);
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
  const announced = query.data?.announced;
  const refused = sending?.record.refused ?? [];
  const refusedCount = sending ? refused.length : (announced?.refused ?? 0);
  const unsent = sending
    ? sending.record.links.length - sending.record.answered
    : announced
      ? announced.links - announced.answered
      : 0;
  if (files.length === 0 && unsent === 0 && refusedCount === 0) {
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
      <SubmissionOverview
        endpoint={announced?.endpoint ?? null}
        files={files}
        counts={counts}
        unsent={unsent}
        refused={refusedCount}
        reused={sending?.record.reused ?? 0}
      />
      <RemoteHeld
        files={files}
        actions={actions}
        refetch={() => void query.refetch()}
      />
      {query.isError && (
        <Notice tone="warning" title="The numbers may be out of date">
          {query.error.message}
        </Notice>
      )}
      {!sending && announced && unsent > 0 && !announced.isSending && (
        <Notice
          tone="warning"
          title={`${formatCount(unsent, "link")} have not been sent yet`}
        >
          {`They are in the browser in which ${announced.actorName} entered them, and are sent when the media page is opened there.`}
        </Notice>
      )}
      {!sending && refusedCount > 0 && (
        <p className="text-[0.8125rem] text-muted">
          {`Why ${refusedCount === 1 ? "a link was" : "links were"} refused is told in the browser that sent them.`}
        </p>
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
                  void resumeSubmission(submissionId, owner, actions.sendLinks)
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
        <SubmissionActions
          submissionId={submissionId}
          isRemote={announced?.endpoint != null}
          {...{ files, counts, actions }}
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

function useSending(
  submissionId: string,
  owner: string,
  actions: MediaActions | undefined,
): SendState | undefined {
  const send = actions?.sendLinks;
  useEffect(() => {
    void resumeSubmission(submissionId, owner, send);
  }, [submissionId, owner, send]);
  return useSyncExternalStore(
    subscribeToSending,
    () => sendStateOf(submissionId, owner),
    () => undefined,
  );
}
