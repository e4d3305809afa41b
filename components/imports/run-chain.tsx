"use client";

import { useQuery } from "@tanstack/react-query";

import { Section } from "@/components/ui/card";
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
import { formatNumber } from "@/lib/client/format-number";
import { importQueries } from "@/lib/client/import-queries";
import { paths } from "@/lib/client/paths";
import type { ImportRun } from "@/lib/domain/import-run";
import { chainTotals, runTotals } from "@/lib/domain/run-totals";
import { RECEIPTS } from "@/lib/wording/receipts";

import { RunTotals } from "./run-totals";

/** The runs that one is joined with by rejected rows dropped again, and their joint totals. */
export function RunChain({ run }: { run: ImportRun }) {
  const { data = [] } = useQuery(importQueries.chain(run.id));
  if (data.length < 2) return null;
  const links = data.map((link) => ({ ...link, totals: runTotals(link) }));
  const [first, ...later] = links.map(({ totals }) => totals);
  return (
    <Section
      title={RECEIPTS.chainTitle}
      description={RECEIPTS.chainHint}
      isPadded={false}
    >
      <Table label={RECEIPTS.chainTitle} isPlain>
        <TableHead>
          <TableRow>
            <TableHeader>{RECEIPTS.chainFile}</TableHeader>
            <TableHeader>{RECEIPTS.chainStarted}</TableHeader>
            <TableHeader isNumeric>{RECEIPTS.read}</TableHeader>
            <TableHeader isNumeric>{RECEIPTS.chainSent}</TableHeader>
            <TableHeader isNumeric>{RECEIPTS.chainRejected}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {links.map(({ id, fileName, startedAt, totals }) => (
            <TableRow key={id}>
              <TableHeader scope="row">
                {id === run.id ? (
                  <span aria-current="true">{fileName}</span>
                ) : (
                  <TextLink href={paths.importRun(id)}>{fileName}</TextLink>
                )}
              </TableHeader>
              <TableCell>
                <RelativeTime at={startedAt} />
              </TableCell>
              <TableCell isNumeric>{formatNumber(totals.read)}</TableCell>
              <TableCell isNumeric>{formatNumber(totals.sent)}</TableCell>
              <TableCell isNumeric>{formatNumber(totals.rejected)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {first && (
        <div className="border-t border-border px-5 py-4">
          <RunTotals
            totals={chainTotals(first, later)}
            title={RECEIPTS.chainTotals}
          />
        </div>
      )}
    </Section>
  );
}
