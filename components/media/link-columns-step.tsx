"use client";

import { ArrowLeft, ArrowRight } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { TableOptions } from "@/lib/domain/import-run";
import {
  looksLikeLink,
  readLinkCells,
  suggestLinkColumns,
  type LinkColumns,
  type LinkField,
} from "@/lib/domain/link-row";
import type { TablePreview } from "@/lib/importer/messages";

import { LinkTableOptions } from "./link-table-options";

const ROWS_SHOWN = 6;
const FIELDS: { field: LinkField; label: string; none: string }[] = [
  { field: "link", label: "Link", none: "Choose a column" },
  { field: "filename", label: "File name", none: "Taken from the link" },
  { field: "uniqueIdentifier", label: "Unique identifier", none: "None" },
];

type LinkColumnsStepProps = {
  fileName: string;
  preview: TablePreview;
  isReading: boolean;
  onOptions: (options: Partial<TableOptions>) => void;
  onBack: () => void;
  onNext: (columns: LinkColumns) => void;
};

/** Which column of a spreadsheet holds the link, the file name, the identifier. */
export function LinkColumnsStep({
  fileName,
  preview,
  isReading,
  onOptions,
  onBack,
  onNext,
}: LinkColumnsStepProps) {
  const { headers, firstRows, options } = preview;
  const body = firstRows.filter(
    ({ rowNumber }) => rowNumber > options.headerRow,
  );
  const [columns, setColumns] = useState(() =>
    suggestLinkColumns(
      headers,
      body.map(({ cells }) => cells),
    ),
  );
  const shown = body
    .flatMap(
      ({ rowNumber, cells }) => readLinkCells(rowNumber, cells, columns) ?? [],
    )
    .slice(0, ROWS_SHOWN);
  const isOdd =
    columns.link !== null &&
    shown.length > 0 &&
    !shown.some(({ link }) => looksLikeLink(link));

  return (
    <div className="space-y-5">
      <Section
        title={<span className="break-all">{fileName}</span>}
        description="Say which column holds what. Other columns are not used."
      >
        <div className="grid gap-4 sm:grid-cols-3">
          {FIELDS.map(({ field, label, none }) => (
            <Field key={field} label={label} isRequired={field === "link"}>
              <Select
                value={columns[field] ?? ""}
                onChange={({ target }) =>
                  setColumns({
                    ...columns,
                    [field]: target.value === "" ? null : Number(target.value),
                  })
                }
              >
                <option value="">{none}</option>
                {headers.map((header, column) => (
                  <option key={column} value={column}>
                    {header}
                  </option>
                ))}
              </Select>
            </Field>
          ))}
        </div>
        <LinkTableOptions options={options} onChange={onOptions} />
      </Section>
      {isOdd && (
        <Notice tone="warning">
          The column “{headers[columns.link ?? 0]}” does not hold links in the
          first rows. Choose the one whose cells begin with http:// or https://.
        </Notice>
      )}
      <section>
        <h2 className="mb-2 text-[0.9375rem] font-semibold">First rows</h2>
        <Table label="First rows as links" className="text-[0.8125rem]">
          <TableHead>
            <TableRow>
              <TableHeader isNumeric>Row</TableHeader>
              {FIELDS.map(({ field, label }) => (
                <TableHeader key={field}>{label}</TableHeader>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {shown.map((row) => (
              <TableRow key={row.row}>
                <TableHeader scope="row" isNumeric className="text-muted">
                  {row.row}
                </TableHeader>
                {FIELDS.map(({ field }) => (
                  <TableCell
                    key={field}
                    className="max-w-96 truncate font-mono"
                  >
                    {row[field]}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </section>
      <div className="flex flex-wrap justify-between gap-2">
        <Button onClick={onBack}>
          <ArrowLeft aria-hidden />
          Back
        </Button>
        <Button
          variant="primary"
          disabled={columns.link === null}
          isLoading={isReading}
          onClick={() => onNext(columns)}
        >
          Check every row
          <ArrowRight aria-hidden />
        </Button>
      </div>
    </div>
  );
}
