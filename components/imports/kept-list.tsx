"use client";

import { Download } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import { saveBlob } from "@/lib/client/save-blob";
import type { KeptLine } from "@/lib/domain/undo-run";
import { KEPT } from "@/lib/wording/undo";

import { CellText } from "./cell-text";

type KeptListProps = {
  /** The first of them. */
  lines: readonly KeptLine[];
  count: number;
  isDone: boolean;
  sourceId: string;
  fileName: string;
  makeCsv: () => Promise<Blob>;
};

/** What an undo leaves as it is because others changed it. */
export function KeptList({
  lines,
  count,
  isDone,
  sourceId,
  fileName,
  makeCsv,
}: KeptListProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function download() {
    setIsBusy(true);
    setProblem(undefined);
    try {
      saveBlob(await makeCsv(), KEPT.fileName(fileName));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setIsBusy(false);
  }

  return (
    <Section
      title={KEPT.title(count, isDone)}
      description={KEPT.hint}
      isPadded={false}
      actions={
        <Button size="sm" isLoading={isBusy} onClick={() => void download()}>
          <Download aria-hidden />
          {KEPT.download}
        </Button>
      }
    >
      {problem && (
        <Notice tone="danger" className="m-3">
          {problem}
        </Notice>
      )}
      <Table
        label={KEPT.title(count, isDone)}
        isPlain
        frameClassName="max-h-96"
      >
        <TableHead>
          <TableRow>
            <TableHeader>{KEPT.columns.key}</TableHeader>
            <TableHeader>{KEPT.columns.property}</TableHeader>
            <TableHeader>{KEPT.columns.reason}</TableHeader>
            <TableHeader>{KEPT.columns.current}</TableHeader>
            <TableHeader>{KEPT.columns.before}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {lines.map((line) => (
            <TableRow key={`${line.key} ${line.id} ${line.language}`}>
              <TableHeader scope="row" className="font-mono text-xs">
                {line.reason === "entry_deleted" ? (
                  line.key
                ) : (
                  <TextLink href={paths.entry(sourceId, line.key)}>
                    {line.key}
                  </TextLink>
                )}
              </TableHeader>
              <TableCell className="text-xs whitespace-nowrap">
                <span className="font-mono">{line.id}</span>
                {line.language && (
                  <span className="ml-1.5 text-muted">{line.language}</span>
                )}
              </TableCell>
              <TableCell className="min-w-40 text-xs">
                {KEPT.reasons[line.reason]}
              </TableCell>
              <Text text={line.current} isOfValue={line.id !== null} />
              <Text text={line.before} isOfValue={line.id !== null} />
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {lines.length < count && (
        <p className="border-t border-border px-5 py-3 text-[0.8125rem] text-muted">
          {KEPT.shown(lines.length, count)}
        </p>
      )}
    </Section>
  );
}

function Text({
  text,
  isOfValue,
}: {
  text: string | null;
  isOfValue: boolean;
}) {
  return (
    <TableCell className="max-w-72 min-w-32 wrap-anywhere">
      {text !== null && (
        <span className="line-clamp-3">
          <CellText text={text} />
        </span>
      )}
      {text === null && isOfValue && (
        <span className="text-muted">{KEPT.none}</span>
      )}
    </TableCell>
  );
}
