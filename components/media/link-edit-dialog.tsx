"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import type { PlannedLink } from "@/lib/domain/link-plan";
import type { LinkField, LinkRow } from "@/lib/domain/link-row";
import {
  checkLinkText,
  filenameProblem,
  uniqueIdentifierProblem,
} from "@/lib/domain/media-link";

/** Corrects one row of the list before it is sent. */
export function LinkEditDialog({
  item,
  onSave,
  onClose,
}: {
  item: PlannedLink;
  onSave: (row: LinkRow) => void;
  onClose: () => void;
}) {
  const [row, setRow] = useState<LinkRow>({
    row: item.row,
    link: item.link,
    filename: item.filename,
    uniqueIdentifier: item.originalIdentifier ?? item.uniqueIdentifier,
  });
  const problems: Record<LinkField, string | undefined> = {
    link: checkLinkText(row.link),
    filename: row.filename === "" ? undefined : filenameProblem(row.filename),
    uniqueIdentifier:
      row.uniqueIdentifier === ""
        ? undefined
        : uniqueIdentifierProblem(row.uniqueIdentifier),
  };
  const isFine = Object.values(problems).every((text) => text === undefined);
  const field = (name: LinkField) => ({
    value: row[name],
    error: problems[name],
    spellCheck: false,
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setRow({ ...row, [name]: event.target.value.trim() }),
  });

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      size="lg"
      title={`Row ${item.row}`}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (isFine) onSave(row);
        }}
      >
        <TextField label="Link" {...field("link")} />
        <TextField
          label="File name"
          hint="Left empty, it is taken from the link."
          {...field("filename")}
          onChange={({ target }) => setRow({ ...row, filename: target.value })}
        />
        <TextField
          label="Unique identifier"
          hint="Optional. Only one file can have it."
          {...field("uniqueIdentifier")}
          onChange={({ target }) =>
            setRow({ ...row, uniqueIdentifier: target.value })
          }
        />
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" disabled={!isFine}>
            Use this row
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
