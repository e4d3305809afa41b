"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileSpreadsheet } from "lucide-react";
import { useState } from "react";

import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Select } from "@/components/ui/select";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { formatNumber } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import { paths } from "@/lib/client/paths";
import {
  RUN_STATUSES,
  type RunFilter,
  type RunStatus,
  type RunSummary,
} from "@/lib/domain/import-run";
import { UNDO } from "@/lib/wording/undo";

import { RunStatusBadge } from "./run-status-badge";

const LIVE_POLL_MS = 3_000;

type RunListProps = {
  /** To choose from; empty when the list is of one source. */
  sources: readonly { id: string; name: string }[];
  sourceId?: string;
  /** Where a spreadsheet is imported, when the person may. */
  importSourceId?: string;
};

export function RunList({ sources, sourceId, importSourceId }: RunListProps) {
  const [chosen, setChosen] = useState({ sourceId: "", status: "" });
  const [cursors, setCursors] = useState<string[]>([]);
  const filter: RunFilter = {
    sourceId: (sourceId ?? chosen.sourceId) || undefined,
    status: (chosen.status as RunStatus) || undefined,
    cursor: cursors.at(-1),
  };
  const { data, error, refetch } = useQuery({
    ...importQueries.list(filter),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.runs.some(({ lease }) => lease) ? LIVE_POLL_MS : false,
  });
  const isFiltered = chosen.sourceId !== "" || chosen.status !== "";
  const choose = (change: Partial<typeof chosen>) => {
    setCursors([]);
    setChosen({ ...chosen, ...change });
  };

  if (!data) {
    return (
      <PartPlaceholder
        what="The imports"
        failure={error}
        retry={() => void refetch()}
      />
    );
  }
  if (data.runs.length === 0 && !isFiltered && cursors.length === 0) {
    return (
      <EmptyState
        icon={<FileSpreadsheet />}
        title="No spreadsheet has been imported yet"
        actions={
          importSourceId ? (
            <LinkButton
              variant="primary"
              href={paths.importInto(importSourceId)}
            >
              Import a spreadsheet
            </LinkButton>
          ) : (
            <LinkButton href={paths.sources()}>Choose a source</LinkButton>
          )
        }
      >
        Each import leaves a run here: what was sent, by whom, and the rows that
        were rejected.
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-2">
        {sources.length > 0 && (
          <Select
            aria-label="Source"
            className="w-52"
            value={chosen.sourceId}
            onChange={(event) => choose({ sourceId: event.target.value })}
          >
            <option value="">All sources</option>
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
        <Select
          aria-label="Status"
          className="w-44"
          value={chosen.status}
          onChange={(event) => choose({ status: event.target.value })}
        >
          <option value="">Any status</option>
          {RUN_STATUSES.map((status) => (
            <option key={status} value={status}>
              {STATUS_NAMES[status]}
            </option>
          ))}
        </Select>
      </div>
      {data.runs.length === 0 ? (
        <p className="rounded-card border border-border bg-surface px-4 py-10 text-center text-sm text-muted">
          No import run is like that.
        </p>
      ) : (
        <RunTable runs={data.runs} isOfOneSource={!!sourceId} />
      )}
      {(cursors.length > 0 || data.nextCursor) && (
        <Pagination
          previous={
            cursors.length > 0
              ? () => setCursors(cursors.slice(0, -1))
              : undefined
          }
          next={
            data.nextCursor
              ? () => setCursors([...cursors, data.nextCursor ?? ""])
              : undefined
          }
        />
      )}
    </div>
  );
}

const STATUS_NAMES: Record<RunStatus, string> = {
  running: "Sending or interrupted",
  paused: "Paused",
  finished: "Finished",
  cancelled: "Cancelled",
};

function RunTable({
  runs,
  isOfOneSource,
}: {
  runs: readonly RunSummary[];
  isOfOneSource: boolean;
}) {
  return (
    <Table label="Import runs">
      <TableHead>
        <TableRow>
          <TableHeader>File</TableHeader>
          {!isOfOneSource && <TableHeader>Source</TableHeader>}
          <TableHeader>Status</TableHeader>
          <TableHeader isNumeric>Created</TableHeader>
          <TableHeader isNumeric>Updated</TableHeader>
          <TableHeader isNumeric>Unchanged</TableHeader>
          <TableHeader isNumeric>Deleted</TableHeader>
          <TableHeader isNumeric>Rejected rows</TableHeader>
          <TableHeader>By</TableHeader>
          <TableHeader>Started</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.id}>
            <TableHeader scope="row" className="max-w-72 min-w-44">
              <TextLink
                href={paths.importRun(run.id)}
                className="line-clamp-2 wrap-anywhere"
                title={run.fileName}
              >
                {run.kind === "undo" ? UNDO.nameOf(run.fileName) : run.fileName}
              </TextLink>
            </TableHeader>
            {!isOfOneSource && (
              <TableCell className="max-w-48 truncate">
                {run.source.name}
              </TableCell>
            )}
            <TableCell>
              <RunStatusBadge run={run} />
            </TableCell>
            <TableCell isNumeric>{formatNumber(run.applied.created)}</TableCell>
            <TableCell isNumeric>{formatNumber(run.applied.updated)}</TableCell>
            <TableCell isNumeric>
              {formatNumber(run.applied.unchanged)}
            </TableCell>
            <TableCell isNumeric>{formatNumber(run.applied.deleted)}</TableCell>
            <TableCell isNumeric>{formatNumber(run.rowsRejected)}</TableCell>
            <TableCell className="max-w-40 truncate">{run.actorName}</TableCell>
            <TableCell>
              <RelativeTime at={run.startedAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
