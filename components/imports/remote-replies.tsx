"use client";

import { useQuery } from "@tanstack/react-query";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatNumber } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import type { RemoteBatch, RemoteReply } from "@/lib/domain/remote-batch";
import {
  OUTCOME_NAMES,
  partText,
  REMOTE_BATCH_WORDS as WORDS,
} from "@/lib/wording/delivery";

/** All that was answered to one batch, in the order it came; opened by its number. */
export function RemoteReplies({
  runId,
  batch,
}: {
  runId: string;
  batch: RemoteBatch;
}) {
  const { sequence } = batch;
  return (
    <Dialog
      size="lg"
      trigger={
        <Button
          size="sm"
          variant="ghost"
          aria-label={WORDS.open(sequence)}
          className="-mr-2.5 text-accent-text underline underline-offset-4 tabular-nums"
        >
          {formatNumber(sequence)}
        </Button>
      }
      title={WORDS.answersTitle(sequence)}
      description={WORDS.answersAbout(batch.replies)}
    >
      <ReplyList runId={runId} batch={batch} />
    </Dialog>
  );
}

/** Asked for when it is shown. */
function ReplyList({ runId, batch }: { runId: string; batch: RemoteBatch }) {
  const { sequence, entities, replies: count } = batch;
  const { data, error } = useQuery(
    importQueries.remoteReplies(runId, sequence, count),
  );
  return (
    <>
      {error && <Notice tone="danger">{WORDS.answersUnread}</Notice>}
      {!data && !error && count > 0 && (
        <p role="status" className="text-sm text-muted">
          {WORDS.reading}
        </p>
      )}
      {data && data.replies.length > 0 && (
        <ol aria-label={WORDS.list} className="divide-y divide-border">
          {data.replies.map((reply, index) => (
            <Reply key={index} reply={reply} total={entities} />
          ))}
        </ol>
      )}
    </>
  );
}

function Reply({ reply, total }: { reply: RemoteReply; total: number }) {
  const { asked, outcome, status, requestId, excerpt, more } = reply;
  const name = OUTCOME_NAMES[outcome];
  return (
    <li className="space-y-1.5 py-3 text-sm first:pt-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={outcome === "accepted" ? "success" : "warning"}>
          {status === null ? name : `${status} ${name}`}
        </Badge>
        <span>
          {`${WORDS.attempt(reply.attempt)}, ${asked === "token" ? WORDS.token : partText(reply, total)}`}
        </span>
        <span className="text-muted tabular-nums">{WORDS.took(reply.ms)}</span>
        <span className="text-muted">
          <RelativeTime at={reply.at} />
        </span>
      </p>
      {more > 0 && (
        <p className="text-muted">
          {`${WORDS.more(more)} `}
          <RelativeTime at={reply.lastAt} />
        </p>
      )}
      {requestId && (
        <p className="text-muted">
          {`${WORDS.request} `}
          <span className="font-mono text-[0.8125rem] wrap-anywhere">
            {requestId}
          </span>
        </p>
      )}
      {excerpt !== "" && (
        <blockquote className="rounded-control bg-sunken px-3 py-2 wrap-anywhere">
          {excerpt}
        </blockquote>
      )}
    </li>
  );
}
