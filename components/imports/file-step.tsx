"use client";

import { ArrowRight, FileSpreadsheet } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";
import { formatBytes, formatCount } from "@/lib/client/format-number";
import type { ImportSession, OpenedFile } from "@/lib/client/import-session";
import type { TableOptions } from "@/lib/domain/import-run";

import { FileDrop } from "./file-drop";
import { RowPreview } from "./row-preview";
import { TableOptionsForm } from "./table-options-form";

type FileStepProps = {
  session: ImportSession;
  onFile: (file: File) => void;
  onOptions: (options: Partial<TableOptions>) => void;
  onNext: () => void;
};

export function FileStep({
  session,
  onFile,
  onOptions,
  onNext,
}: FileStepProps) {
  const [dropProblem, setDropProblem] = useState<string>();
  const opened =
    session.at === "reading"
      ? session.previous
      : "opened" in session
        ? session.opened
        : null;
  const take = (file: File) => {
    setDropProblem(undefined);
    onFile(file);
  };

  if (session.at === "reading" && !opened) {
    return (
      <div
        role="status"
        className="flex flex-col items-center gap-3 rounded-card border border-border bg-surface py-24 text-sm text-muted"
      >
        <Spinner className="size-6" />
        Reading {session.file.name} ({formatBytes(session.file.size)})…
      </div>
    );
  }
  return (
    <div className="space-y-5">
      {dropProblem && <Notice tone="danger">{dropProblem}</Notice>}
      {session.at === "unreadable" && (
        <Notice tone="danger" title={`${session.file.name} could not be read`}>
          {session.message}
        </Notice>
      )}
      {opened ? (
        <OpenedFileView
          opened={opened}
          isReading={session.at === "reading"}
          onFile={take}
          onProblem={setDropProblem}
          onOptions={onOptions}
          onNext={onNext}
        />
      ) : (
        <FileDrop
          title="Drop a spreadsheet here"
          hint="CSV, TSV or another text file with columns, of any size. Nothing is sent before you have looked at it."
          onFile={take}
          onProblem={setDropProblem}
        />
      )}
    </div>
  );
}

function OpenedFileView({
  opened,
  isReading,
  onFile,
  onProblem,
  onOptions,
  onNext,
}: {
  opened: OpenedFile;
  isReading: boolean;
  onFile: (file: File) => void;
  onProblem: (message: string) => void;
  onOptions: (options: Partial<TableOptions>) => void;
  onNext: () => void;
}) {
  const { file, preview } = opened;
  const [isReplacing, setIsReplacing] = useState(false);
  return (
    <>
      <Section
        title={
          <span className="flex items-center gap-2">
            <FileSpreadsheet aria-hidden className="size-4 text-muted" />
            <span className="break-all">{file.name}</span>
          </span>
        }
        description={`${formatBytes(file.size)}, ${formatCount(preview.headers.length, "column")}`}
        actions={
          <Button size="sm" onClick={() => setIsReplacing(!isReplacing)}>
            {isReplacing ? "Keep this file" : "Choose another file"}
          </Button>
        }
      >
        {isReplacing && (
          <div className="mb-5">
            <FileDrop
              isCompact
              title="Drop another spreadsheet"
              hint="It takes the place of this one."
              onFile={(next) => {
                setIsReplacing(false);
                onFile(next);
              }}
              onProblem={onProblem}
            />
          </div>
        )}
        <TableOptionsForm
          options={preview.options}
          isEncodingCertain={preview.isEncodingCertain}
          onChange={onOptions}
        />
      </Section>
      {preview.notices.map((notice) => (
        <Notice key={notice} tone="warning">
          {notice}
        </Notice>
      ))}
      <section aria-busy={isReading}>
        <h2 className="mb-2 text-[0.9375rem] font-semibold">First rows</h2>
        <RowPreview preview={preview} />
      </section>
      <div className="flex justify-end">
        <Button variant="primary" isLoading={isReading} onClick={onNext}>
          Map the columns
          <ArrowRight aria-hidden />
        </Button>
      </div>
    </>
  );
}
