"use client";

import { useState } from "react";

import type { TableOptions } from "@/lib/domain/import-run";
import { isPlainText } from "@/lib/domain/table-parts";
import type { TablePreview } from "@/lib/importer/messages";
import { readAsSentence, TABLE_OPTION_WORDS } from "@/lib/wording/import-file";

import { TableOptionsForm } from "./table-options-form";

type TableReadingProps = {
  preview: TablePreview;
  onChange: (options: Partial<TableOptions>) => void;
};

/** How the file is read: one line where the guess is good, the choices where it may be wrong. */
export function TableReading({ preview, onChange }: TableReadingProps) {
  const { options, isEncodingCertain, headers } = preview;
  // Set once, so that nothing folds away under the hands of who changes it.
  const [isOpen] = useState(
    !isEncodingCertain ||
      headers.length < 2 ||
      options.headerRow !== 1 ||
      options.quotes === "text",
  );
  const form = (
    <TableOptionsForm {...{ options, isEncodingCertain, onChange }} />
  );
  if (!isPlainText(options.parts)) return form;
  return (
    <details open={isOpen} className="text-sm">
      <summary className="cursor-pointer text-muted">
        {readAsSentence(options)}{" "}
        <span className="font-medium text-text underline underline-offset-2">
          {TABLE_OPTION_WORDS.change}
        </span>
      </summary>
      <div className="mt-4">{form}</div>
    </details>
  );
}
