"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

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
import { formatBytes, formatNumber } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import type { ImportRun } from "@/lib/domain/import-run";
import { BATCH_WORDS as WORDS } from "@/lib/wording/import-run";

/** The ledger: what each batch did. Follows the run while it grows. */
export function RunBatches({ run }: { run: ImportRun }) {
  const [afters, setAfters] = useState([0]);
  const after = afters.at(-1) ?? 0;
  const { data } = useQuery({
    ...importQueries.batches(run.id, after, run.applied.batches),
    placeholderData: keepPreviousData,
  });
  const batches = data?.batches ?? [];
  if (run.applied.batches === 0) {
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
            <TableHeader isNumeric>{WORDS.created}</TableHeader>
            <TableHeader isNumeric>{WORDS.updated}</TableHeader>
            <TableHeader isNumeric>{WORDS.unchanged}</TableHeader>
            <TableHeader isNumeric>{WORDS.deleted}</TableHeader>
            <TableHeader isNumeric>{WORDS.aside}</TableHeader>
            <TableHeader isNumeric>{WORDS.size}</TableHeader>
            <TableHeader isNumeric>{WORDS.took}</TableHeader>
            <TableHeader>{WORDS.applied}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {batches.map((batch) => (
            <TableRow key={batch.sequence}>
              <TableHeader scope="row" isNumeric>
                {formatNumber(batch.sequence)}
              </TableHeader>
              <TableCell isNumeric>
                {`${formatNumber(batch.firstRow)}-${formatNumber(batch.lastRow)}`}
              </TableCell>
              <TableCell isNumeric>{formatNumber(batch.entities)}</TableCell>
              <TableCell isNumeric>{formatNumber(batch.created)}</TableCell>
              <TableCell isNumeric>{formatNumber(batch.updated)}</TableCell>
              <TableCell isNumeric>{formatNumber(batch.unchanged)}</TableCell>
              <TableCell isNumeric>{formatNumber(batch.deleted)}</TableCell>
              <TableCell isNumeric>{formatNumber(batch.aside)}</TableCell>
              <TableCell isNumeric>{formatBytes(batch.bytes)}</TableCell>
              <TableCell isNumeric>{WORDS.milliseconds(batch.ms)}</TableCell>
              <TableCell>
                <RelativeTime at={batch.at} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {(afters.length > 1 || data?.nextAfter) && (
        <div className="border-t border-border px-4 py-3">
          <Pagination
            previous={
              afters.length > 1
                ? () => setAfters(afters.slice(0, -1))
                : undefined
            }
            next={
              data?.nextAfter
                ? () => setAfters([...afters, data.nextAfter ?? 0])
                : undefined
            }
          />
        </div>
      )}
    </div>
  );
}
