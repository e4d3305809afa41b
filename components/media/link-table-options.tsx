"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { TableOptions } from "@/lib/domain/import-run";
import { isPlainText } from "@/lib/domain/table-parts";

const DELIMITERS: [value: string, name: string][] = [
  [",", "Comma"],
  [";", "Semicolon"],
  ["\t", "Tab"],
  ["|", "Pipe"],
];

const ENCODINGS: [value: string, name: string][] = [
  ["utf-8", "Unicode (UTF-8)"],
  ["utf-16le", "Unicode (UTF-16)"],
  ["windows-1252", "Western European"],
  ["windows-1250", "Central European"],
  ["windows-1251", "Cyrillic"],
];

/** How the file is read, for the rare case that the guess is wrong. */
export function LinkTableOptions({
  options,
  onChange,
}: {
  options: TableOptions;
  onChange: (options: Partial<TableOptions>) => void;
}) {
  // Sheets and several files are read by their own rules.
  const isText = isPlainText(options.parts);
  return (
    <details className="mt-4">
      <summary className="w-fit rounded-sm text-[0.8125rem] text-muted hover:text-text">
        How the file is read
      </summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-3">
        {isText && (
          <Field label="Cells are separated by">
            <Select
              value={options.delimiter}
              onChange={({ target }) => onChange({ delimiter: target.value })}
            >
              {withCurrent(DELIMITERS, options.delimiter)}
            </Select>
          </Field>
        )}
        <Field label="Column names">
          <Select
            value={options.headerRow}
            onChange={({ target }) =>
              onChange({ headerRow: Number(target.value) })
            }
          >
            <option value={0}>are not in the file</option>
            {[1, 2, 3, 4, 5].map((row) => (
              <option key={row} value={row}>
                are in row {row}
              </option>
            ))}
            {options.headerRow > 5 && (
              <option value={options.headerRow}>
                are in row {options.headerRow}
              </option>
            )}
          </Select>
        </Field>
        {isText && (
          <Field label="Encoding">
            <Select
              value={options.encoding}
              onChange={({ target }) => onChange({ encoding: target.value })}
            >
              {withCurrent(ENCODINGS, options.encoding)}
            </Select>
          </Field>
        )}
      </div>
    </details>
  );
}

function withCurrent(known: [value: string, name: string][], current: string) {
  const all = known.some(([value]) => value === current)
    ? known
    : [[current, current] as const, ...known];
  return all.map(([value, name]) => (
    <option key={value} value={value}>
      {name}
    </option>
  ));
}
