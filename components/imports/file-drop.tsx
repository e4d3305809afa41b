"use client";

import { DropZone } from "@/components/ui/drop-zone";

type FileDropProps = {
  /** What to do, as the headline of the zone. */
  title: string;
  hint: string;
  isBusy?: boolean;
  isCompact?: boolean;
  onFile: (file: File) => void;
  /** Something was dropped that is no single file. */
  onProblem: (message: string) => void;
};

export function FileDrop({ onFile, onProblem, ...zone }: FileDropProps) {
  return (
    <DropZone
      {...zone}
      inputLabel="Spreadsheet"
      onFiles={([file]) => onFile(file)}
      onRefused={(count) =>
        onProblem(
          count > 1
            ? `${count} files were dropped. An import takes one file: drop them one after another.`
            : "That is not a file that can be read. Drop a spreadsheet saved as CSV or TSV.",
        )
      }
    />
  );
}
