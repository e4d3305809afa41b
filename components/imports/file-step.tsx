"use client";

import { ArrowRight, FileSpreadsheet } from "lucide-react";
import { useCallback, useState } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";
import type { ImportSession, OpenedFile } from "@/lib/client/import-session";
import type { TableOptions } from "@/lib/domain/import-run";
import { strayQuotesSentence } from "@/lib/wording/stray-quotes";
import { FILES } from "@/lib/wording/files";
import { FILE_STEP_WORDS as WORDS } from "@/lib/wording/import-file";

import { FileDrop } from "./file-drop";
import { PasteCells } from "./paste-cells";
import { QuoteNotice } from "./quote-notice";
import { RowPreview } from "./row-preview";
import { SheetChoice } from "./sheet-choice";
import { TableReading } from "./table-reading";

type FileStepProps = {
  session: ImportSession;
  onFile: (...files: File[]) => void;
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
  const [isPasting, setIsPasting] = useState(false);
  const opened =
    session.at === "reading"
      ? session.previous
      : "opened" in session
        ? session.opened
        : null;
  const take = useCallback(
    (...files: File[]) => {
      setDropProblem(undefined);
      onFile(...files);
    },
    [onFile],
  );

  if (session.at === "reading" && !opened) {
    return (
      <div
        role="status"
        className="flex flex-col items-center gap-3 rounded-card border border-border bg-surface py-24 text-sm text-muted"
      >
        <Spinner className="size-6" />
        {WORDS.reading(session.file.name, session.file.size)}
      </div>
    );
  }
  return (
    <div className="space-y-5">
      {dropProblem && <Notice tone="danger">{dropProblem}</Notice>}
      {session.at === "unreadable" && (
        <Notice tone="danger" title={WORDS.unreadable(session.file.name)}>
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
        <div>
          <FileDrop
            title={FILES.drop.title}
            hint={FILES.drop.hint}
            variant={isPasting ? "secondary" : "primary"}
            onFile={take}
            onProblem={setDropProblem}
          />
          <PasteCells isOpen={isPasting} onOpen={setIsPasting} onFile={take} />
        </div>
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
  onFile: (...files: File[]) => void;
  onProblem: (message: string) => void;
  onOptions: (options: Partial<TableOptions>) => void;
  onNext: () => void;
}) {
  const { file, preview } = opened;
  const [isReplacing, setIsReplacing] = useState(false);
  // Other sheets are ticked than were read: they are read before the way on.
  const [pending, setPending] = useState<typeof preview.sheets>();
  const isChoosing = pending !== undefined && pending === preview.sheets;
  return (
    <>
      <Section
        title={
          <span className="flex items-center gap-2">
            <FileSpreadsheet aria-hidden className="size-4 text-muted" />
            <span className="break-all">{file.name}</span>
          </span>
        }
        description={WORDS.size(file.size, preview.headers.length)}
        actions={
          <Button size="sm" onClick={() => setIsReplacing(!isReplacing)}>
            {isReplacing ? WORDS.keep : WORDS.other}
          </Button>
        }
      >
        {isReplacing && (
          <div className="mb-5">
            <FileDrop
              isCompact
              title={FILES.drop.other}
              hint={FILES.drop.otherHint}
              onFile={(...next) => {
                setIsReplacing(false);
                onFile(...next);
              }}
              onProblem={onProblem}
            />
          </div>
        )}
        {preview.sheets && preview.sheets.length > 0 && (
          <SheetChoice
            key={JSON.stringify(preview.sheets)}
            sheets={preview.sheets}
            isReading={isReading}
            onChoose={(parts) => onOptions({ ...AS_GUESSED, parts })}
            onPending={(is) => setPending(is ? preview.sheets : undefined)}
          />
        )}
        <TableReading
          key={`${file.name} ${file.size}`}
          preview={preview}
          onChange={onOptions}
        />
      </Section>
      <QuoteNotice
        sentence={
          preview.quoteProblems > 0
            ? strayQuotesSentence(
                preview.quoteProblems,
                (preview.options.parts?.length ?? 0) > 1
                  ? WORDS.quotesIn.files
                  : WORDS.quotesIn.firstRows,
              )
            : null
        }
        options={preview.options}
        onOptions={onOptions}
      />
      {preview.notices.map((notice) => (
        <Notice key={notice} tone="warning">
          {notice}
        </Notice>
      ))}
      <section aria-busy={isReading}>
        <h2 className="mb-2 text-[0.9375rem] font-semibold">
          {WORDS.firstRows}
        </h2>
        <RowPreview preview={preview} />
      </section>
      <div className="flex justify-end">
        <Button
          variant={isChoosing ? "secondary" : "primary"}
          disabled={isChoosing}
          isLoading={isReading}
          onClick={onNext}
        >
          {WORDS.next}
          <ArrowRight aria-hidden />
        </Button>
      </div>
    </>
  );
}

/** Of other sheets nothing is known yet. */
const AS_GUESSED: Partial<TableOptions> = {
  headerRow: undefined,
  encoding: undefined,
  delimiter: undefined,
  quotes: undefined,
};
