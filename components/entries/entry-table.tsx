import Link from "next/link";

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
import { paths } from "@/lib/client/paths";
import type { EntryPage } from "@/lib/domain/entry";

import { EntryValue } from "./entry-value";
import { PropertyLabel } from "./property-label";

export function EntryTable({
  sourceId,
  page,
}: {
  sourceId: string;
  page: EntryPage;
}) {
  return (
    <Table label="Entries">
      <TableHead>
        <TableRow>
          <TableHeader className="sticky left-0 z-20">Key</TableHeader>
          {page.columns.map((name) => (
            <TableHeader key={name} className="max-w-72">
              <PropertyLabel name={name} />
            </TableHeader>
          ))}
          <TableHeader isNumeric>Values</TableHeader>
          <TableHeader isNumeric>Last changed</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {page.rows.map((row) => (
          <TableRow key={row.key}>
            <TableHeader
              scope="row"
              className="sticky left-0 max-w-40 bg-surface py-2 sm:max-w-64"
            >
              <Link
                href={paths.entry(sourceId, row.key)}
                title={row.key}
                className="block truncate font-mono text-[0.8125rem] text-accent-text hover:underline"
              >
                {row.key}
              </Link>
            </TableHeader>
            {page.columns.map((name, at) => (
              <TableCell key={name} className="max-w-72 py-2">
                <EntryValue value={row.values[at]} className="truncate" />
              </TableCell>
            ))}
            <TableCell isNumeric className="py-2">
              {formatNumber(row.valueCount)}
            </TableCell>
            <TableCell isNumeric className="py-2 text-muted">
              <RelativeTime at={row.changedAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
