"use client";

import { TriangleAlert } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber, formatPercent } from "@/lib/client/format-number";
import type { LookAlike } from "@/lib/domain/look-alikes";
import type { SourceProperty } from "@/lib/domain/source";

const LANGUAGES_SHOWN_MAX = 8;

const DIFFERENCES: Record<LookAlike["differsBy"], string> = {
  case: "only upper and lower case differ.",
  separators: "only - and _ differ.",
  both: "only case, - and _ differ.",
};

type PropertyTableProps = {
  properties: SourceProperty[];
  /** Entries of the whole source. */
  entryCount: number;
  lookAlikes: ReadonlyMap<string, LookAlike[]>;
};

export function PropertyTable({
  properties,
  entryCount,
  lookAlikes,
}: PropertyTableProps) {
  return (
    <Table label="Properties">
      <TableHead>
        <TableRow>
          <TableHeader>Property</TableHeader>
          <TableHeader>Languages</TableHeader>
          <TableHeader isNumeric>Entries</TableHeader>
          <TableHeader>Sample value</TableHeader>
          <TableHeader>First seen</TableHeader>
          <TableHeader>Last seen</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {properties.map((property) => (
          <TableRow key={property.id} className="[&>*]:align-top">
            <TableHeader scope="row" className="min-w-36">
              <code className="font-mono text-[0.8125rem] font-medium wrap-anywhere">
                {property.id}
              </code>
              <LookAlikeNote others={lookAlikes.get(property.id) ?? []} />
            </TableHeader>
            <TableCell className="min-w-40">
              <Languages property={property} />
            </TableCell>
            <TableCell isNumeric className="min-w-32">
              <Share have={property.entryCount} of={entryCount} />
            </TableCell>
            <TableCell className="max-w-72 min-w-40">
              <Sample text={property.sample} />
            </TableCell>
            <TableCell className="text-muted">
              <RelativeTime at={property.firstSeenAt} />
            </TableCell>
            <TableCell className="text-muted">
              <RelativeTime at={property.lastSeenAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function LookAlikeNote({ others }: { others: LookAlike[] }) {
  if (others.length === 0) return null;
  return (
    <ul className="mt-1 space-y-0.5">
      {others.map(({ id, differsBy }) => (
        <li
          key={id}
          className="flex max-w-64 gap-1.5 text-xs font-normal text-warning-text"
        >
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>
            Looks like <code className="font-mono wrap-anywhere">{id}</code>:{" "}
            {DIFFERENCES[differsBy]}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Languages({ property: { languages } }: { property: SourceProperty }) {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? languages : languages.slice(0, LANGUAGES_SHOWN_MAX);
  const rest = languages.length - shown.length;
  return (
    <ul className="flex flex-wrap gap-1">
      {shown.map(({ language, entryCount }) => (
        <li key={language ?? ""}>
          <Badge tone={language === null ? "neutral" : "accent"}>
            {language ?? "no language"}
            <span className="font-normal tabular-nums opacity-80">
              {formatNumber(entryCount)}
            </span>
          </Badge>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button
            type="button"
            className="rounded-full px-2 py-0.5 text-xs font-medium text-accent-text hover:underline"
            onClick={() => setIsOpen(true)}
          >
            {rest} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Share({ have, of }: { have: number; of: number }) {
  const share = of > 0 ? Math.min(1, have / of) : 0;
  return (
    <>
      {formatNumber(have)}
      <span className="ml-1.5 inline-block w-11 text-xs text-muted">
        {formatPercent(have, of)}
      </span>
      <span
        aria-hidden
        className="mt-1.5 ml-auto block h-1 w-24 overflow-hidden rounded-full bg-border/70"
      >
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </>
  );
}

function Sample({ text }: { text: string | null }) {
  if (text === null) return <span className="text-muted">none kept</span>;
  if (text === "") return <span className="text-muted">empty text</span>;
  return (
    <span className="line-clamp-2 wrap-anywhere" title={text}>
      {text}
    </span>
  );
}
