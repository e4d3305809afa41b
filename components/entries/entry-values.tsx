"use client";

import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { RelativeTime } from "@/components/ui/relative-time";
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
import type { EntryValue } from "@/lib/domain/entry";

import { LongValue } from "./long-value";

const ROWS_SHOWN = 200;
/** Fewer than that are seen at a glance. */
const FILTER_FROM = 15;

export function EntryValues({ values }: { values: readonly EntryValue[] }) {
  const [text, setText] = useState("");
  const [shownMax, setShownMax] = useState(ROWS_SHOWN);
  const wanted = text.trim().toLowerCase();
  const matching = values.filter(
    ({ id, language, value }) =>
      id.toLowerCase().includes(wanted) ||
      language?.toLowerCase() === wanted ||
      value.toLowerCase().includes(wanted),
  );
  const shown = matching.slice(0, shownMax);

  return (
    <div className="space-y-3">
      {values.length >= FILTER_FROM && (
        <TextField
          type="search"
          label="Find in this entry"
          placeholder="Property, language or text"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-sm"
        />
      )}
      <Table label="Values">
        <TableHead>
          <TableRow>
            <TableHeader>Property</TableHeader>
            <TableHeader className="max-sm:hidden">Language</TableHeader>
            <TableHeader className="w-full">Value</TableHeader>
            <TableHeader isNumeric>Last changed</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map(({ id, language, value, changedAt }, at) => (
            <TableRow key={`${id}:${language ?? ""}`}>
              <TableHeader
                scope="row"
                className="align-top font-mono text-[0.8125rem] font-normal"
              >
                {/* As wide as the id, up to a limit: the value's column takes all that is left. */}
                <span
                  className={classNames(
                    "block w-max max-w-36 wrap-anywhere sm:max-w-64",
                    shown[at - 1]?.id === id && "text-muted",
                  )}
                >
                  {id}
                </span>
                {language !== null && (
                  <Badge className="mt-1 flex w-fit sm:hidden">
                    {language}
                  </Badge>
                )}
              </TableHeader>
              <TableCell className="align-top max-sm:hidden">
                {language === null ? (
                  <span className="text-muted">none</span>
                ) : (
                  <Badge className="font-mono">{language}</Badge>
                )}
              </TableCell>
              <TableCell className="min-w-48 align-top">
                <LongValue value={value} />
              </TableCell>
              <TableCell isNumeric className="align-top text-muted">
                <RelativeTime at={changedAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {matching.length === 0 && (
        <p className="text-sm text-muted">
          {values.length === 0
            ? "This entry has a key and no values."
            : "Nothing in this entry matches."}
        </p>
      )}
      {matching.length > shown.length && (
        <Button onClick={() => setShownMax(shownMax + ROWS_SHOWN)}>
          Show more of {formatNumber(matching.length)} values
        </Button>
      )}
    </div>
  );
}
