"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Section } from "@/components/ui/card";
import { LiveRegion } from "@/components/ui/live-region";
import { Pagination } from "@/components/ui/pagination";
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
import {
  asideRowText,
  RECEIPTS,
  setAsideSentence,
} from "@/lib/wording/receipts";

/** The entries that a run set aside, with row, key and reason. Follows the run while it grows. */
export function SetAside({ run, count }: { run: ImportRun; count: number }) {
  const [afters, setAfters] = useState([0]);
  const { data, error } = useQuery({
    ...importQueries.setAside(run.id, afters.at(-1) ?? 0, count),
    placeholderData: keepPreviousData,
    enabled: count > 0,
  });
  if (count === 0) return null;
  const next = data?.nextAfter;
  return (
    <Section
      title={setAsideSentence(count)}
      description={RECEIPTS.setAsideHint}
      isPadded={false}
    >
      <LiveRegion>{setAsideSentence(count)}</LiveRegion>
      {error && <p className="px-5 py-4 text-sm">{RECEIPTS.setAsideUnread}</p>}
      {data && (
        <Table label={RECEIPTS.setAsideLabel} isPlain frameClassName="max-h-96">
          <TableHead>
            <TableRow>
              <TableHeader isNumeric>{RECEIPTS.row}</TableHeader>
              <TableHeader>{RECEIPTS.key}</TableHeader>
              <TableHeader>{RECEIPTS.reason}</TableHeader>
              <TableHeader isNumeric>{RECEIPTS.batch}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.entries.map((entry) => (
              <TableRow key={`${entry.sequence} ${entry.at}`}>
                <TableCell isNumeric className="align-top">
                  {asideRowText(entry, run.tableOptions.parts)}
                </TableCell>
                <TableHeader scope="row" className="max-w-72 align-top">
                  <span className="block min-w-28 font-mono wrap-anywhere">
                    {entry.key}
                  </span>
                </TableHeader>
                <TableCell className="min-w-64 align-top">
                  {entry.reason}
                </TableCell>
                <TableCell isNumeric className="align-top">
                  {formatNumber(entry.sequence)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
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
    </Section>
  );
}
