"use client";

import { FileUp } from "lucide-react";
import { useDropzone } from "react-dropzone";

import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/client/class-names";

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

export function FileDrop({
  title,
  hint,
  isBusy = false,
  isCompact = false,
  onFile,
  onProblem,
}: FileDropProps) {
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    multiple: false,
    noClick: true,
    noKeyboard: true,
    disabled: isBusy,
    // A file keeps its own bytes; reading it is the worker's.
    useFsAccessApi: false,
    onDrop: (accepted, rejected) => {
      const [file] = accepted;
      if (file) onFile(file);
      else if (rejected.length > 1) {
        onProblem(
          `${rejected.length} files were dropped. An import takes one file: drop them one after another.`,
        );
      } else {
        onProblem(
          "That is not a file that can be read. Drop a spreadsheet saved as CSV or TSV.",
        );
      }
    },
  });

  return (
    <div
      {...getRootProps({ role: "presentation" })}
      onClick={isBusy ? undefined : open}
      className={classNames(
        "flex cursor-pointer flex-col items-center justify-center rounded-card border-2 border-dashed border-border-strong/50 bg-surface px-6 text-center transition-colors hover:border-accent",
        isCompact ? "py-8" : "py-20",
        isDragActive && "border-accent bg-accent-soft",
        isBusy && "cursor-progress opacity-60",
      )}
    >
      <input
        {...getInputProps({ "aria-label": "Spreadsheet" })}
        tabIndex={-1}
      />
      <span
        aria-hidden
        className="mb-4 flex size-12 items-center justify-center rounded-xl bg-accent-soft text-accent-text"
      >
        <FileUp className="size-6" />
      </span>
      <p className="text-base font-semibold">
        {isDragActive ? "Let go to open it" : title}
      </p>
      <p className="mt-1 max-w-md text-sm text-pretty text-muted">{hint}</p>
      <Button
        variant="primary"
        className="mt-5"
        disabled={isBusy}
        onClick={(event) => {
          event.stopPropagation();
          open();
        }}
      >
        Choose a file
      </Button>
    </div>
  );
}
