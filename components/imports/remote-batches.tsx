"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { ClockTime } from "@/components/ui/clock-time";
import { Notice } from "@/components/ui/notice";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import type { ImportRun } from "@/lib/domain/import-run";
import type { RemoteBatch, RemoteBatchState } from "@/lib/domain/remote-batch";
import {
  batchStateText,
  OUTCOME_NAMES,
  REMOTE_BATCH_WORDS as WORDS,
} from "@/lib/wording/delivery";

import { RemoteReplies } from "./remote-replies";

/** Every batch of a run into a remote source: where it is, and what was answered last. Follows the run until it has ended. */
export function RemoteBatches({ run }: { run: ImportRun }) {
  const [afters, setAfters] = useState([0]);
  const isOpen = run.status === "running" || run.status === "paused";
  const { data, error } = useQuery({
    ...importQueries.remoteBatches(run.id, {
      after: afters.at(-1) ?? 0,
      isOpen,
      accepted: run.applied.batches,
    }),
    placeholderData: keepPreviousData,
  });
  const batches = data?.batches ?? [];
  const next = data?.nextAfter;
  if (error && !data) {
    return (
      <div className="p-5">
        <Notice tone="warning">{WORDS.unread}</Notice>
      </div>
    );
  }
  if (batches.length === 0 && afters.length === 1) {
    return <p className="px-5 py-6 text-sm text-muted">{WORDS.none}</p>;
  }
  return (
    <div>
      <Table label={WORDS.table} isPlain frameClassName="max-h-96">
        <TableHead>
          <TableRow>
            <TableHeader isNumeric>{WORDS.batch}</TableHeader>
            <TableHeader isNumeric>{WORDS.rows}</TableHeader>
            <TableHeader isNumeric>{WORDS.entries}</TableHeader>
            <TableHeader>{WORDS.state}</TableHeader>
            <TableHeader isNumeric>{WORDS.tries}</TableHeader>
            <TableHeader isNumeric>{WORDS.status}</TableHeader>
            <TableHeader>{WORDS.requestId}</TableHeader>
            <TableHeader>{WORDS.time}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {batches.map((batch) => (
            <BatchRow key={batch.sequence} runId={run.id} batch={batch} />
          ))}
        </TableBody>
      </Table>
      {(afters.length > 1 || next) && (
        <div className="border-t border-border px-4 py-3">
          <Pagination
            previous={
              afters.length > 1
                ? () => setAfters(afters.slice(0, -1))
                : undefined
            }
            next={next ? () => setAfters([...afters, next]) : undefined}
          />
        </div>
      )}
    </div>
  );
}

const TONES: Record<RemoteBatchState, BadgeTone> = {
  ...{ waiting: "neutral", sending: "accent", again: "warning" },
  ...{ held: "danger", accepted: "success", aside: "warning" },
  dropped: "neutral",
};

function BatchRow({ runId, batch }: { runId: string; batch: RemoteBatch }) {
  const { firstRow, lastRow, entities } = batch;
  // A batch that was never sent waits for what was answered to another one.
  const answer = batch.at === null ? null : batch.answer;
  return (
    <TableRow>
      <TableHeader scope="row" isNumeric>
        <RemoteReplies runId={runId} batch={batch} />
      </TableHeader>
      <TableCell isNumeric>
        {firstRow > 0
          ? `${formatNumber(firstRow)}-${formatNumber(lastRow)}`
          : WORDS.unknown}
      </TableCell>
      <TableCell isNumeric>
        {entities > 0 ? formatNumber(entities) : WORDS.unknown}
      </TableCell>
      <TableCell>
        <BatchState batch={batch} />
      </TableCell>
      <TableCell isNumeric>{formatNumber(batch.attempts)}</TableCell>
      <TableCell isNumeric>
        {answer ? (answer.status ?? WORDS.noStatus) : WORDS.unknown}
      </TableCell>
      <TableCell className="font-mono text-[0.8125rem]">
        <span
          title={answer?.requestId ?? undefined}
          className="block max-w-44 truncate"
        >
          {answer?.requestId ?? WORDS.unknown}
        </span>
      </TableCell>
      <TableCell>
        <RelativeTime at={batch.at} empty={WORDS.unknown} />
      </TableCell>
    </TableRow>
  );
}

/** "Again at 10:42:07, busy" */
function BatchState({ batch }: { batch: RemoteBatch }) {
  const { state, dueAt, answer } = batch;
  return (
    <Badge tone={TONES[state]} hasDot>
      <span>
        {batchStateText(batch)}
        {state === "again" && dueAt && (
          <>
            {" "}
            <ClockTime at={dueAt} />
          </>
        )}
        {state === "again" && answer && `: ${OUTCOME_NAMES[answer.outcome]}`}
      </span>
    </Badge>
  );
}
