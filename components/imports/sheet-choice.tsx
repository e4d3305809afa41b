"use client";

import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber } from "@/lib/client/format-number";
import type { SheetChoice as Choice } from "@/lib/importer/messages";
import { chooseLabel, FILES, sheetSummary } from "@/lib/wording/files";

type SheetChoiceProps = {
  sheets: readonly Choice[];
  isReading: boolean;
  onChoose: (chosen: { file: string; sheet: string | null }[]) => void;
  /** What is ticked is, or is no longer, other than what is read. */
  onPending: (isPending: boolean) => void;
};

/** Which sheets and files the table is made of. */
export function SheetChoice({
  sheets,
  isReading,
  onChoose,
  onPending,
}: SheetChoiceProps) {
  const read = sheets.map(({ isChosen }) => isChosen);
  const [wanted, setWanted] = useState(read);
  const isChanged = wanted.some((is, index) => is !== read[index]);
  const chosen = sheets.filter((_, index) => wanted[index]);
  const hasFiles = new Set(sheets.map(({ file }) => file)).size > 1;
  const hasSheets = sheets.some(({ sheet }) => sheet !== null);
  const texts = FILES.sheets;

  return (
    <div className="mb-5 space-y-2">
      <p className="text-[0.8125rem] text-muted">
        {sheetSummary({
          chosen: read.filter(Boolean).length,
          all: sheets.length,
          hidden: sheets.filter(({ visibility }) => visibility !== "visible")
            .length,
          isFiles: hasFiles,
        })}{" "}
        {sheets.length > 1 && texts.hint} {hasFiles && texts.orderOfFiles}
      </p>
      <Table
        label={hasSheets ? texts.title : texts.titleOfFiles}
        frameClassName="max-h-72"
      >
        <TableHead>
          <TableRow>
            <TableHeader>{hasSheets ? texts.name : texts.file}</TableHeader>
            {hasFiles && hasSheets && <TableHeader>{texts.file}</TableHeader>}
            <TableHeader isNumeric>{texts.rows}</TableHeader>
            <TableHeader isNumeric>{texts.columns}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {sheets.map((choice, index) => {
            const { file, sheet, visibility } = choice;
            const name = sheet ?? file;
            return (
              <TableRow key={`${file}\n${sheet ?? ""}\n${index}`}>
                <TableCell className="min-w-40">
                  <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                    <Checkbox
                      label={<span className="break-all">{name}</span>}
                      aria-label={chooseLabel(name)}
                      checked={wanted[index] === true}
                      disabled={isReading}
                      onChange={(event) => {
                        const next = [...wanted];
                        next[index] = event.target.checked;
                        setWanted(next);
                        onPending(next.some((is, at) => is !== read[at]));
                      }}
                    />
                    {visibility !== "visible" && (
                      <Badge tone="warning">{texts[visibility]}</Badge>
                    )}
                  </span>
                </TableCell>
                {hasFiles && hasSheets && (
                  <TableCell className="break-all">{file}</TableCell>
                )}
                <TableCell isNumeric>{countText(choice.rows)}</TableCell>
                <TableCell isNumeric>{countText(choice.columns)}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      {isChanged && (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            variant="primary"
            size="sm"
            disabled={chosen.length === 0}
            onClick={() =>
              onChoose(chosen.map(({ file, sheet }) => ({ file, sheet })))
            }
          >
            {texts.apply}
          </Button>
          {chosen.length === 0 && (
            <span role="status" className="text-[0.8125rem] text-muted">
              {texts.none}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

const countText = (count: number | null) =>
  count === null ? FILES.sheets.uncounted : formatNumber(count);
