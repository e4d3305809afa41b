"use client";

import { ArrowRight } from "lucide-react";
import { useDeferredValue, useMemo, useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { DropZone } from "@/components/ui/drop-zone";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { LINK_ROWS_MAX, type LinkRow } from "@/lib/domain/link-row";
import { parsePastedLinks } from "@/lib/domain/paste-links";

type LinkInputProps = {
  /** Where the links go, where there is a choice. */
  target?: ReactNode;
  text: string;
  onText: (text: string) => void;
  isReading: boolean;
  problem: string | undefined;
  onFile: (file: File) => void;
  onRows: (rows: LinkRow[]) => void;
};

/** Where links come in: pasted, or as a spreadsheet. */
export function LinkInput({
  target,
  text,
  onText,
  isReading,
  problem,
  onFile,
  onRows,
}: LinkInputProps) {
  const [dropProblem, setDropProblem] = useState<string>();
  const settled = useDeferredValue(text);
  const rows = useMemo(() => parsePastedLinks(settled), [settled]);
  const isTooLong = rows.length > LINK_ROWS_MAX;

  return (
    <div className="space-y-5">
      {target}
      <Section
        title="Paste links"
        description="One a line, or a small table copied from a spreadsheet: file name, link, unique identifier."
      >
        <Field
          label="Links"
          isLabelHidden
          error={
            isTooLong
              ? `These are ${formatNumber(rows.length)} links; at most ${formatNumber(LINK_ROWS_MAX)} can be submitted at once. Paste them in parts.`
              : undefined
          }
        >
          <Textarea
            rows={10}
            value={text}
            onChange={(event) => onText(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            wrap="off"
            placeholder={
              "https://example.com/chair.jpg\nhttps://example.com/table.jpg\n\nor: chair.jpg, https://example.com/4711, chair-front"
            }
            className="font-mono text-[0.8125rem] leading-relaxed"
          />
        </Field>
        <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
          <p className="text-[0.8125rem] text-muted" role="status">
            {rows.length > 0
              ? `${formatCount(rows.length, "link")} found`
              : "Nothing is sent before you have looked at it."}
          </p>
          <Button
            variant="primary"
            disabled={rows.length === 0 || isTooLong}
            onClick={() => onRows(parsePastedLinks(text))}
          >
            {rows.length > 0
              ? `Check ${formatCount(rows.length, "link")}`
              : "Check the links"}
            <ArrowRight aria-hidden />
          </Button>
        </div>
      </Section>
      {(problem ?? dropProblem) && (
        <Notice tone="danger" title="The spreadsheet could not be read">
          {problem ?? dropProblem}
        </Notice>
      )}
      <DropZone
        isCompact
        variant="secondary"
        inputLabel="Spreadsheet of links"
        title="Or drop a spreadsheet of links"
        hint={`Excel, OpenDocument, CSV, TSV or a zip of one, up to ${formatNumber(LINK_ROWS_MAX)} rows. You choose which column holds the link.`}
        isBusy={isReading}
        onFiles={([file]) => {
          setDropProblem(undefined);
          onFile(file);
        }}
        onRefused={(count) =>
          setDropProblem(
            count > 1
              ? `${count} files were dropped. Drop them one after another.`
              : "That is not a file that can be read. Drop a workbook, a CSV or a TSV file.",
          )
        }
      />
    </div>
  );
}
