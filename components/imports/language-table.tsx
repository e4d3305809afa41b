"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Pagination } from "@/components/ui/pagination";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber, formatPercent } from "@/lib/client/format-number";
import { languageName } from "@/lib/client/language-options";
import type {
  CoverageGrid,
  ValueCoverage,
} from "@/lib/domain/language-coverage";
import type { KnownProperty } from "@/lib/domain/suggest-mapping";
import { COVERAGE_WORDS as WORDS } from "@/lib/wording/languages";

const ROWS_PER_PAGE = 50;

type LanguageTableProps = {
  grid: CoverageGrid;
  /** What 100 % is. */
  entities: number;
  known: readonly KnownProperty[];
};

/** Property x language: how many entries of the file have a value. */
export function LanguageTable({ grid, entities, known }: LanguageTableProps) {
  const [hasPlain, setHasPlain] = useState(false);
  const [page, setPage] = useState(0);
  const localised = grid.rows.filter(({ byLanguage }) =>
    [...byLanguage.keys()].some((language) => language !== ""),
  );
  const plain = grid.rows.length - localised.length;
  const rows = hasPlain ? grid.rows : localised;
  const languages = grid.languages
    .map(({ language }) => language)
    .filter(
      (language) =>
        language !== "" || rows.some(({ byLanguage }) => byLanguage.has("")),
    );
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  const shown = rows.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE);
  const knownLanguages = new Map(
    known.map(({ id, languages }) => [id, new Set(languages)]),
  );

  return (
    <div className="space-y-3">
      <Table
        label={WORDS.table}
        isPlain
        frameClassName="max-h-80 rounded-control border border-border"
      >
        <TableHead>
          <TableRow>
            <TableHeader className="left-0 z-20">{WORDS.property}</TableHeader>
            {languages.map((language) => (
              <TableHeader
                key={language}
                isNumeric
                title={language ? languageName(language) : undefined}
              >
                {language || WORDS.noLanguage}
              </TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map(({ id, byLanguage }) => (
            <TableRow key={id}>
              <TableHeader
                scope="row"
                className="sticky left-0 z-[5] max-w-40 min-w-32 bg-surface py-1.5 font-mono text-xs wrap-anywhere whitespace-normal sm:max-w-64"
              >
                {id}
              </TableHeader>
              {languages.map((language) => (
                <TableCell key={language} isNumeric className="py-1.5">
                  <Value
                    value={byLanguage.get(language)}
                    entities={entities}
                    isInSource={
                      knownLanguages.get(id)?.has(language || null) ?? false
                    }
                  />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {pages > 1 && (
        <Pagination
          previous={page > 0 ? () => setPage(page - 1) : undefined}
          next={page < pages - 1 ? () => setPage(page + 1) : undefined}
        >
          {WORDS.page(page + 1, pages)}
        </Pagination>
      )}
      {plain > 0 && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            setHasPlain(!hasPlain);
            setPage(0);
          }}
        >
          {hasPlain ? WORDS.withoutPlain : WORDS.withPlain(plain)}
        </Button>
      )}
    </div>
  );
}

function Value({
  value,
  entities,
  isInSource,
}: {
  value: ValueCoverage | undefined;
  entities: number;
  isInSource: boolean;
}) {
  if (!value) {
    return isInSource ? (
      <span className="text-xs text-warning-text">{WORDS.inSource}</span>
    ) : (
      <span className="text-border-strong">
        <span aria-hidden>–</span>
        <span className="sr-only">{WORDS.nothing}</span>
      </span>
    );
  }
  const { filled, cleared } = value;
  return (
    <>
      {formatNumber(filled)}
      <span className="ml-2 inline-block w-11 text-xs text-muted">
        {formatPercent(Math.min(filled, entities), entities)}
      </span>
      {cleared > 0 && (
        <span className="block text-xs text-danger-text">
          {WORDS.cleared(cleared)}
        </span>
      )}
    </>
  );
}
