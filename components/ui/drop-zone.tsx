"use client";

import { FileUp } from "lucide-react";
import { useDropzone } from "react-dropzone";

import { classNames } from "@/lib/client/class-names";

import { Button } from "./button";

type DropZoneProps = {
  /** What to do, as the headline of the zone. */
  title: string;
  hint: string;
  /** Name of the hidden file input. */
  inputLabel: string;
  buttonLabel?: string;
  variant?: "primary" | "secondary";
  isBusy?: boolean;
  isCompact?: boolean;
  isMultiple?: boolean;
  onFiles: (files: [File, ...File[]]) => void;
  /** What was dropped cannot be taken: nothing readable, or `count` files where one is wanted. */
  onRefused: (count: number) => void;
};

export function DropZone({
  title,
  hint,
  inputLabel,
  buttonLabel = "Choose a file",
  variant = "primary",
  isBusy = false,
  isCompact = false,
  isMultiple = false,
  onFiles,
  onRefused,
}: DropZoneProps) {
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    multiple: isMultiple,
    noClick: true,
    noKeyboard: true,
    disabled: isBusy,
    // A file keeps its own bytes; whoever takes it reads them.
    useFsAccessApi: false,
    onDrop: ([file, ...more], rejected) => {
      if (file) onFiles([file, ...more]);
      else onRefused(rejected.length);
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
      <input {...getInputProps({ "aria-label": inputLabel })} tabIndex={-1} />
      <span
        aria-hidden
        className="mb-4 flex size-12 items-center justify-center rounded-xl bg-accent-soft text-accent-text"
      >
        <FileUp className="size-6" />
      </span>
      <p className="text-base font-semibold">
        {isDragActive
          ? isMultiple
            ? "Let go to add them"
            : "Let go to open it"
          : title}
      </p>
      <p className="mt-1 max-w-md text-sm text-pretty text-muted">{hint}</p>
      <Button
        variant={variant}
        className="mt-5"
        disabled={isBusy}
        onClick={(event) => {
          event.stopPropagation();
          open();
        }}
      >
        {buttonLabel}
      </Button>
    </div>
  );
}
