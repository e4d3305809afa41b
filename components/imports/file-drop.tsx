"use client";

import { DropZone } from "@/components/ui/drop-zone";
import { FILES } from "@/lib/wording/files";
import { FILE_STEP_WORDS } from "@/lib/wording/import-file";

type FileDropProps = {
  /** What to do, as the headline of the zone. */
  title: string;
  hint: string;
  isBusy?: boolean;
  isCompact?: boolean;
  /** Secondary where dropping is not what the page is for. */
  variant?: "primary" | "secondary";
  onFile: (...files: File[]) => void;
  /** What was dropped cannot be read as files. */
  onProblem: (message: string) => void;
};

export function FileDrop({ onFile, onProblem, ...zone }: FileDropProps) {
  return (
    <DropZone
      {...zone}
      isMultiple
      inputLabel={FILE_STEP_WORDS.input}
      buttonLabel={FILE_STEP_WORDS.choose}
      onFiles={(files) => onFile(...files)}
      onRefused={() => onProblem(FILES.drop.refused)}
    />
  );
}
