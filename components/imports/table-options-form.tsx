"use client";

import { useState } from "react";

import { Field, TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { TableOptions } from "@/lib/domain/import-run";
import { isPlainText } from "@/lib/domain/table-parts";
import {
  DELIMITER_NAMES,
  ENCODING_NAMES,
  TABLE_OPTION_WORDS as WORDS,
} from "@/lib/wording/import-file";

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
  const isListed = DELIMITER_NAMES.some(
    ([value]) => value === options.delimiter,
  );
  const [isOther, setIsOther] = useState(!isListed);
  const encodings = ENCODING_NAMES.some(([label]) => label === options.encoding)
    ? ENCODING_NAMES
    : [[options.encoding, options.encoding] as const, ...ENCODING_NAMES];

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
        label={WORDS.encoding}
        {...(!isEncodingCertain && {
          hint: WORDS.encodingGuessed,
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
        <Field label={WORDS.delimiter} className="flex-1">
          <Select
            value={isOther ? OTHER : options.delimiter}
            onChange={(event) => {
              const { value } = event.target;
              setIsOther(value === OTHER);
              if (value !== OTHER) onChange({ delimiter: value });
            }}
          >
            {DELIMITER_NAMES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            <option value={OTHER}>{WORDS.otherDelimiter}</option>
          </Select>
        </Field>
        {isOther && (
          <TextField
            label={WORDS.otherDelimiterLabel}
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
      <Field label={WORDS.quotes}>
        <Select
          value={options.quotes}
          onChange={(event) =>
            onChange({ quotes: event.target.value as TableOptions["quotes"] })
          }
        >
          <option value="standard">{WORDS.quotesStandard}</option>
          <option value="text">{WORDS.quotesText}</option>
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
      <Field label={WORDS.header} className="flex-1">
        <Select
          value={headerRow === 0 ? "none" : "row"}
          onChange={(event) =>
            onChange(event.target.value === "none" ? 0 : last)
          }
        >
          <option value="row">{WORDS.headerInRow}</option>
          <option value="none">{WORDS.headerMissing}</option>
        </Select>
      </Field>
      {headerRow > 0 && (
        <TextField
          label={WORDS.headerRow}
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
