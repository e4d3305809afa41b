"use client";

import { useState } from "react";

import { Field, TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { TableOptions } from "@/lib/domain/import-run";
import { isPlainText } from "@/lib/domain/table-parts";

const ENCODINGS: [label: string, name: string][] = [
  ["utf-8", "Unicode (UTF-8)"],
  ["utf-16le", "Unicode (UTF-16, little-endian)"],
  ["utf-16be", "Unicode (UTF-16, big-endian)"],
  ["windows-1252", "Western European (Windows-1252)"],
  ["iso-8859-15", "Western European (ISO-8859-15)"],
  ["macintosh", "Western European (old Mac)"],
  ["windows-1250", "Central European (Windows-1250)"],
  ["iso-8859-2", "Central European (ISO-8859-2)"],
  ["windows-1251", "Cyrillic (Windows-1251)"],
  ["koi8-r", "Cyrillic (KOI8-R)"],
  ["windows-1253", "Greek (Windows-1253)"],
  ["windows-1254", "Turkish (Windows-1254)"],
  ["windows-1255", "Hebrew (Windows-1255)"],
  ["windows-1256", "Arabic (Windows-1256)"],
  ["windows-1257", "Baltic (Windows-1257)"],
  ["windows-874", "Thai (Windows-874)"],
  ["shift_jis", "Japanese (Shift JIS)"],
  ["gb18030", "Chinese, simplified (GB18030)"],
  ["big5", "Chinese, traditional (Big5)"],
  ["euc-kr", "Korean (EUC-KR)"],
];

const DELIMITERS: [value: string, name: string][] = [
  [",", "Comma ( , )"],
  [";", "Semicolon ( ; )"],
  ["\t", "Tab"],
  ["|", "Pipe ( | )"],
];

const OTHER = "other";

type TableOptionsFormProps = {
  options: TableOptions;
  isEncodingCertain: boolean;
  onChange: (options: Partial<TableOptions>) => void;
};

export function TableOptionsForm({
  options,
  isEncodingCertain,
  onChange,
}: TableOptionsFormProps) {
  const isListed = DELIMITERS.some(([value]) => value === options.delimiter);
  const [isOther, setIsOther] = useState(!isListed);
  const encodings = ENCODINGS.some(([label]) => label === options.encoding)
    ? ENCODINGS
    : [[options.encoding, options.encoding] as const, ...ENCODINGS];

  const header = (
    <HeaderRowField
      key={options.headerRow}
      headerRow={options.headerRow}
      onChange={(headerRow) => onChange({ headerRow })}
    />
  );
  if (!isPlainText(options.parts)) {
    // Several parts have a header each, found when they were read.
    return options.parts?.length === 1 ? (
      <div className="sm:max-w-72">{header}</div>
    ) : null;
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Field
        label="Encoding"
        {...(!isEncodingCertain && {
          hint: "A guess: look at letters such as å, é or ß below.",
        })}
      >
        <Select
          value={options.encoding}
          onChange={(event) => onChange({ encoding: event.target.value })}
        >
          {encodings.map(([label, name]) => (
            <option key={label} value={label}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <div className="flex items-end gap-2">
        <Field label="Cells are separated by" className="flex-1">
          <Select
            value={isOther ? OTHER : options.delimiter}
            onChange={(event) => {
              const { value } = event.target;
              setIsOther(value === OTHER);
              if (value !== OTHER) onChange({ delimiter: value });
            }}
          >
            {DELIMITERS.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            <option value={OTHER}>Another character</option>
          </Select>
        </Field>
        {isOther && (
          <TextField
            label="Separator"
            isLabelHidden
            className="w-14"
            maxLength={1}
            defaultValue={isListed ? "" : options.delimiter}
            onChange={(event) => {
              if (event.target.value) {
                onChange({ delimiter: event.target.value });
              }
            }}
          />
        )}
      </div>
      {header}
      <Field label="Quotation marks">
        <Select
          value={options.quotes}
          onChange={(event) =>
            onChange({ quotes: event.target.value as TableOptions["quotes"] })
          }
        >
          <option value="standard">may enclose a cell</option>
          <option value="text">are ordinary text</option>
        </Select>
      </Field>
    </div>
  );
}

function HeaderRowField({
  headerRow,
  onChange,
}: {
  headerRow: number;
  onChange: (headerRow: number) => void;
}) {
  const [last, setLast] = useState(headerRow || 1);
  return (
    <div className="flex items-end gap-2">
      <Field label="Column names" className="flex-1">
        <Select
          value={headerRow === 0 ? "none" : "row"}
          onChange={(event) =>
            onChange(event.target.value === "none" ? 0 : last)
          }
        >
          <option value="row">are in row</option>
          <option value="none">are not in the file</option>
        </Select>
      </Field>
      {headerRow > 0 && (
        <TextField
          label="Header row"
          isLabelHidden
          className="w-20"
          type="number"
          min={1}
          max={1000}
          defaultValue={headerRow}
          onChange={(event) => {
            const row = event.target.valueAsNumber;
            if (!Number.isInteger(row) || row < 1 || row > 1_000) return;
            setLast(row);
            onChange(row);
          }}
        />
      )}
    </div>
  );
}
