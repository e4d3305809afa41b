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
import {
  RUN_LIST_WORDS as WORDS,
  RUN_STATUS_NAMES,
} from "@/lib/wording/import-run";
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
        what={WORDS.what}
        failure={error}
        retry={() => void refetch()}
      />
    );
  }
  if (data.runs.length === 0 && !isFiltered && cursors.length === 0) {
    return (
      <EmptyState
        icon={<FileSpreadsheet />}
        title={WORDS.none}
        actions={
          importSourceId ? (
            <LinkButton
              variant="primary"
              href={paths.importInto(importSourceId)}
            >
              {WORDS.importOne}
            </LinkButton>
          ) : (
            <LinkButton href={paths.sources()}>{WORDS.chooseSource}</LinkButton>
          )
        }
      >
        {WORDS.noneText}
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-2">
        {sources.length > 0 && (
          <Select
            aria-label={WORDS.source}
            className="w-52"
            value={chosen.sourceId}
            onChange={(event) => choose({ sourceId: event.target.value })}
          >
            <option value="">{WORDS.allSources}</option>
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
        <Select
          aria-label={WORDS.status}
          className="w-44"
          value={chosen.status}
          onChange={(event) => choose({ status: event.target.value })}
        >
          <option value="">{WORDS.anyStatus}</option>
          {RUN_STATUSES.map((status) => (
            <option key={status} value={status}>
              {RUN_STATUS_NAMES[status]}
            </option>
          ))}
        </Select>
      </div>
      {data.runs.length === 0 ? (
        <p className="rounded-card border border-border bg-surface px-4 py-10 text-center text-sm text-muted">
          {WORDS.noneLikeThat}
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

function RunTable({
  runs,
  isOfOneSource,
}: {
  runs: readonly RunSummary[];
  isOfOneSource: boolean;
}) {
  return (
    <Table label={WORDS.table}>
      <TableHead>
        <TableRow>
          <TableHeader>{WORDS.file}</TableHeader>
          {!isOfOneSource && <TableHeader>{WORDS.source}</TableHeader>}
          <TableHeader>{WORDS.status}</TableHeader>
          <TableHeader isNumeric>{WORDS.created}</TableHeader>
          <TableHeader isNumeric>{WORDS.updated}</TableHeader>
          <TableHeader isNumeric>{WORDS.unchanged}</TableHeader>
          <TableHeader isNumeric>{WORDS.deleted}</TableHeader>
          <TableHeader isNumeric>{WORDS.rejected}</TableHeader>
          <TableHeader>{WORDS.by}</TableHeader>
          <TableHeader>{WORDS.started}</TableHeader>
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
