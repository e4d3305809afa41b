"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Pagination } from "@/components/ui/pagination";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { classNames } from "@/lib/client/class-names";
import { formatNumber } from "@/lib/client/format-number";
import { languageName } from "@/lib/client/language-options";
import {
  VALUE_CHANGES,
  type PropertyTotals,
  type ValueChange,
} from "@/lib/domain/entry-changes";
import { DIFF, VALUE_CHANGE_COLUMNS } from "@/lib/wording/forecast";

const ROWS_PER_PAGE = 20;

type SortedBy = "property" | ValueChange;

/** What becomes of the values of each property and language; sorted by a press on a column. */
export function DiffProperties({
  properties,
  onPick,
}: {
  properties: readonly PropertyTotals[];
  /** Asks for the entries in which a value changes. */
  onPick?: ((valueName: string) => void) | undefined;
}) {
  const [sortedBy, setSortedBy] = useState<SortedBy>("property");
  const [isReversed, setIsReversed] = useState(false);
  const [from, setFrom] = useState(0);
  const rows = sortRows(properties, sortedBy, isReversed);
  const shown = rows.slice(from, from + ROWS_PER_PAGE);
  const to = from + shown.length;
  const columns = VALUE_CHANGES.filter(
    (change) =>
      change !== "removed" || properties.some(({ removed }) => removed > 0),
  );

  function sortBy(next: SortedBy) {
    setFrom(0);
    setIsReversed(next === sortedBy ? !isReversed : false);
    setSortedBy(next);
  }
  const heads = { sortedBy, isReversed, onSort: sortBy };
  return (
    <div className="space-y-3">
      <Table label={DIFF.properties} className="[&_td]:py-2 [&_th]:py-2">
        <TableHead>
          <TableRow>
            <SortHeader {...heads} by="property">
              {DIFF.property}
            </SortHeader>
            {columns.map((change) => (
              <SortHeader key={change} {...heads} by={change} isNumeric>
                {VALUE_CHANGE_COLUMNS[change]}
              </SortHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((property) => (
            <PropertyRow
              key={`${property.id}:${property.language ?? ""}`}
              {...{ property, columns, onPick }}
            />
          ))}
        </TableBody>
      </Table>
      {rows.length > ROWS_PER_PAGE && (
        <Pagination
          previous={from > 0 ? () => setFrom(from - ROWS_PER_PAGE) : undefined}
          next={
            to < rows.length ? () => setFrom(from + ROWS_PER_PAGE) : undefined
          }
        >
          {DIFF.propertiesOf(from + 1, to, rows.length)}
        </Pagination>
      )}
    </div>
  );
}

function PropertyRow({
  property,
  columns,
  onPick,
}: {
  property: PropertyTotals;
  columns: readonly ValueChange[];
  onPick: ((valueName: string) => void) | undefined;
}) {
  const { id, language } = property;
  const name = `${id}:${language ?? ""}`;
  const canPick = property.set + property.replaced + property.cleared > 0;
  const label = (
    <>
      <span className="font-mono text-xs wrap-anywhere">{id}</span>
      {language && (
        <span
          className="ml-1.5 text-xs font-normal text-muted"
          title={languageName(language)}
        >
          {language}
        </span>
      )}
    </>
  );
  return (
    <TableRow>
      <TableHeader scope="row" className="min-w-40 whitespace-normal">
        {onPick && canPick ? (
          <button
            type="button"
            className="rounded-sm text-left underline decoration-border-strong underline-offset-4 hover:decoration-current"
            aria-label={DIFF.showOf(language ? `${id} ${language}` : id)}
            onClick={() => onPick(name)}
          >
            {label}
          </button>
        ) : (
          label
        )}
      </TableHeader>
      {columns.map((change) => (
        <TableCell
          key={change}
          isNumeric
          className={classNames(property[change] === 0 && "text-muted")}
        >
          {formatNumber(property[change])}
        </TableCell>
      ))}
    </TableRow>
  );
}

function SortHeader({
  by,
  sortedBy,
  isReversed,
  isNumeric = false,
  onSort,
  children,
}: {
  by: SortedBy;
  sortedBy: SortedBy;
  isReversed: boolean;
  isNumeric?: boolean;
  onSort: (by: SortedBy) => void;
  children: string;
}) {
  const isSorted = by === sortedBy;
  // Names go up first, numbers down: what is asked for most is at the top.
  const isUp = isReversed !== (by === "property");
  const Icon = isUp ? ArrowUp : ArrowDown;
  return (
    <TableHeader
      isNumeric={isNumeric}
      aria-sort={!isSorted ? "none" : isUp ? "ascending" : "descending"}
    >
      <Button
        size="sm"
        variant="ghost"
        className={classNames(
          "h-7 px-1.5 text-xs text-muted",
          isNumeric ? "-mr-1.5" : "-ml-1.5",
        )}
        onClick={() => onSort(by)}
      >
        {!isNumeric && children}
        <Icon aria-hidden className={classNames(!isSorted && "invisible")} />
        {isNumeric && children}
      </Button>
    </TableHeader>
  );
}

function sortRows(
  properties: readonly PropertyTotals[],
  by: SortedBy,
  isReversed: boolean,
): PropertyTotals[] {
  // They come by id and language; the sort keeps that among equals.
  const rows = [...properties];
  if (by !== "property") rows.sort((a, b) => b[by] - a[by]);
  return isReversed ? rows.reverse() : rows;
}
