"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";

import { ErrorState } from "@/components/shell/error-state";
import { LoadingState } from "@/components/shell/loading-state";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { mediaQueries } from "@/lib/client/media-queries";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import type { SubmissionSummary } from "@/lib/domain/media-page";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

const OPEN_POLL_MS = 3_000;

/** The submissions of everybody of the tenant, each with a way to its page. */
export function SubmissionHistory({ mayAdd }: { mayAdd: boolean }) {
  const query = useInfiniteQuery({
    ...mediaQueries.submissions(),
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ submissions }) =>
        submissions.some((submission) => waitingOf(submission) > 0),
      )
        ? OPEN_POLL_MS
        : false,
  });
  const submissions =
    query.data?.pages.flatMap((page) => page.submissions) ?? [];

  if (!query.data) {
    if (!query.isError) return <LoadingState />;
    return (
      <ErrorState
        heading="h2"
        title="The submissions could not be read"
        message={query.error.message}
        retry={() => void query.refetch()}
      />
    );
  }
  if (submissions.length === 0) return <NoSubmissions mayAdd={mayAdd} />;
  const hasRemote = submissions.some(({ endpoint }) => endpoint !== null);
  return (
    <div className="space-y-4">
      {query.isError && (
        <Notice tone="warning" title="The numbers may be out of date">
          {query.error.message}
        </Notice>
      )}
      <Table label="Submissions">
        <TableHead>
          <TableRow>
            <TableHeader>Submission</TableHeader>
            {hasRemote && <TableHeader>{words.where}</TableHeader>}
            <TableHeader>State</TableHeader>
            <TableHeader isNumeric>Done</TableHeader>
            <TableHeader isNumeric>Failed</TableHeader>
            <TableHeader isNumeric>Cancelled</TableHeader>
            <TableHeader isNumeric>Waiting</TableHeader>
            <TableHeader>By</TableHeader>
            <TableHeader>Begun</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {submissions.map((submission) => (
            <SubmissionRow
              key={submission.id}
              submission={submission}
              hasWhere={hasRemote}
            />
          ))}
        </TableBody>
      </Table>
      {query.hasNextPage && (
        <div className="flex justify-center">
          <Button
            isLoading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Load more
          </Button>
        </div>
      )}
    </div>
  );
}

function SubmissionRow({
  submission,
  hasWhere,
}: {
  submission: SubmissionSummary;
  hasWhere: boolean;
}) {
  const { id, links, refused, files, actorName, createdAt } = submission;
  const counts = [
    files.completed,
    files.failed + refused,
    files.cancelled,
    waitingOf(submission),
  ];
  return (
    <TableRow>
      <TableHeader scope="row">
        <TextLink href={paths.media(mediaViewParams({ submission: id }))}>
          {formatCount(links, "link")}
        </TextLink>
      </TableHeader>
      {hasWhere && (
        <TableCell className="max-w-48 truncate">
          {submission.endpoint?.name ?? words.here}
        </TableCell>
      )}
      <TableCell>
        <StateBadge submission={submission} />
      </TableCell>
      {counts.map((count, at) => (
        <TableCell
          key={at}
          isNumeric
          className={count === 0 ? "text-muted" : undefined}
        >
          {formatNumber(count)}
        </TableCell>
      ))}
      <TableCell className="max-w-48 truncate">{actorName}</TableCell>
      <TableCell className="text-muted">
        <RelativeTime at={createdAt} />
      </TableCell>
    </TableRow>
  );
}

function StateBadge({ submission }: { submission: SubmissionSummary }) {
  const { files, refused } = submission;
  if (waitingOf(submission) > 0) {
    const isFetching = files.created + files.progress > 0;
    return (
      <Badge tone={isFetching ? "accent" : "warning"} hasDot>
        {isFetching ? "Under way" : "Not all sent"}
      </Badge>
    );
  }
  const failed = files.failed + refused;
  return (
    <Badge tone={failed > 0 ? "danger" : "success"} hasDot>
      {failed > 0 ? "Ended with failures" : "Ended"}
    </Badge>
  );
}

/** Links that are fetched, wait to be, or are still in a browser. */
function waitingOf({ links, answered, files }: SubmissionSummary): number {
  return links - answered + files.created + files.progress;
}

function NoSubmissions({ mayAdd }: { mayAdd: boolean }) {
  return (
    <EmptyState
      icon={<History />}
      title="No links have been sent yet"
      actions={
        mayAdd && (
          <LinkButton href={paths.media(mediaViewParams({ add: "links" }))}>
            Add links
          </LinkButton>
        )
      }
    >
      Each list of links that is sent from the media page stays here, with what
      became of every link.
    </EmptyState>
  );
}
