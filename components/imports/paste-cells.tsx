"use client";

import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { pastedFile } from "@/lib/client/input-file";
import { FILES } from "@/lib/wording/files";

type PasteCellsProps = {
  /** Whether the field for cells is shown. */
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  onFile: (...files: File[]) => void;
};

/** Cells copied from a spreadsheet: pasted on the page, or into a field that a button opens. */
export function PasteCells({ isOpen, onOpen, onFile }: PasteCellsProps) {
  const [text, setText] = useState("");
  const texts = FILES.paste;
  usePasteOnPage(onFile);

  if (!isOpen) {
    return (
      <div className="mt-3 flex justify-center">
        <Button variant="ghost" onClick={() => onOpen(true)}>
          {texts.open}
        </Button>
      </div>
    );
  }
  return (
    <section
      aria-label={texts.title}
      className="mt-4 rounded-card border border-border bg-surface p-5 shadow-card"
    >
      <Field label={texts.label} hint={texts.hint}>
        <Textarea
          rows={8}
          autoFocus
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="font-mono text-[0.8125rem]"
        />
      </Field>
      <div className="mt-3 flex justify-end gap-2">
        <Button onClick={() => onOpen(false)}>{texts.cancel}</Button>
        <Button
          variant="primary"
          disabled={text.trim() === ""}
          onClick={() => onFile(pastedFile(text))}
        >
          {texts.use}
        </Button>
      </div>
    </section>
  );
}

/** Ctrl+V anywhere but in a field: files that were copied, or cells as text. */
function usePasteOnPage(onFile: PasteCellsProps["onFile"]) {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const { target, clipboardData } = event;
      if (target instanceof HTMLElement && target.matches(FIELDS)) return;
      const text = clipboardData?.getData("text/plain") ?? "";
      const files = [...(clipboardData?.files ?? [])];
      // A spreadsheet also puts a picture of the cells there.
      if (text.trim() !== "") onFile(pastedFile(text));
      else if (files.length > 0) onFile(...files);
      else return;
      event.preventDefault();
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [onFile]);
}

const FIELDS = "input,textarea,select,[contenteditable='true']";
