"use client";

import { DropZone } from "@/components/ui/drop-zone";
import { FILES } from "@/lib/wording/files";

type FileDropProps = {
  /** What to do, as the headline of the zone. */
  title: string;
  hint: string;
  isBusy?: boolean;
  isCompact?: boolean;
  onFile: (...files: File[]) => void;
  /** What was dropped cannot be read as files. */
  onProblem: (message: string) => void;
};

export function FileDrop({ onFile, onProblem, ...zone }: FileDropProps) {
  return (
    <DropZone
      {...zone}
      isMultiple
      inputLabel="Spreadsheet"
      buttonLabel="Choose files"
      onFiles={(files) => onFile(...files)}
      onRefused={() => onProblem(FILES.drop.refused)}
    />
  );
}
