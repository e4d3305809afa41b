"use client";

import { TriangleAlert } from "lucide-react";
import { useId, useState, type ReactNode } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/client/class-names";
import { languageName } from "@/lib/client/language-options";
import {
  coverageGrid,
  missingLanguages,
  type CoverageGrid,
} from "@/lib/domain/language-coverage";
import type { KnownProperty } from "@/lib/domain/suggest-mapping";
import type { FileInsights } from "@/lib/importer/file-insights";
import { COVERAGE_WORDS as WORDS } from "@/lib/wording/languages";

import { LanguageTable } from "./language-table";

const LINES_MAX = 5;

type CheckLanguagesProps = {
  known: readonly KnownProperty[];
  insights: FileInsights;
};

/** What the file has in which language: a line for one language, a table for several, and what may be amiss. */
export function CheckLanguages({ known, insights }: CheckLanguagesProps) {
  const grid = coverageGrid(insights.coverage);
  const languages = grid.languages.filter(({ language }) => language !== "");
  const localised = grid.rows.filter(hasLanguage).length;
  const missing = missingLanguages(grid, known);
  const isLine = languages.length < 2;
  const tableId = useId();
  const [isOpen, setIsOpen] = useState(!isLine);
  const isCalm = missing.length === 0 && insights.doubts.length === 0;
  if (grid.rows.length === 0) return null;
  if (isCalm && languages.length === 0) return null;

  return (
    <section
      aria-label={WORDS.title}
      className={classNames(
        "space-y-3",
        isLine && isCalm
          ? "px-1"
          : "rounded-card border border-border bg-surface px-5 py-4 shadow-card",
      )}
    >
      {isLine ? (
        <p className="text-sm text-muted">
          {languages[0]
            ? WORDS.one(named(languages[0].language), localised)
            : WORDS.none}
        </p>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h2 className="text-[0.9375rem] font-semibold">
            {WORDS.several(languages.length, localised)}
          </h2>
          <Button
            size="sm"
            variant="ghost"
            aria-expanded={isOpen}
            aria-controls={tableId}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? WORDS.hide : WORDS.show}
          </Button>
        </div>
      )}
      {!isLine && !isOpen && <Chips languages={languages} />}
      {missing.length > 0 && (
        <Lines>
          {missing.slice(0, LINES_MAX).map(({ language, ids }) => (
            <Line key={language}>{WORDS.missing(named(language), ids)}</Line>
          ))}
        </Lines>
      )}
      <Doubts doubts={insights.doubts} />
      {!isLine && (
        <div id={tableId} hidden={!isOpen}>
          {isOpen && (
            <LanguageTable
              grid={grid}
              entities={insights.coverage.entities}
              known={known}
            />
          )}
        </div>
      )}
    </section>
  );
}

function Chips({ languages }: { languages: CoverageGrid["languages"] }) {
  return (
    <ul className="flex flex-wrap gap-1.5">
      {languages.map(({ language, filled }) => (
        <li key={language}>
          <Badge>
            <span className="text-text">{named(language)}</span>
            {WORDS.chip(filled)}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

/** Texts that do not look like their language. */
function Doubts({ doubts }: { doubts: FileInsights["doubts"] }) {
  const shown = doubts.slice(0, LINES_MAX);
  if (shown.length === 0) return null;
  return (
    <div className="space-y-1.5">
      <Lines>
        {shown.map((doubt) => (
          <Line key={`${doubt.id}:${doubt.language}`}>
            {WORDS.doubt({
              ...doubt,
              looksLike: languageName(doubt.looksLike) ?? doubt.looksLike,
            })}
          </Line>
        ))}
      </Lines>
      <p className="pl-6 text-[0.8125rem] text-muted">
        {doubts.length > shown.length &&
          `${WORDS.doubtsMore(doubts.length - shown.length)} `}
        {WORDS.advice}
      </p>
    </div>
  );
}

function Lines({ children }: { children: ReactNode }) {
  return <ul className="space-y-1.5 text-sm">{children}</ul>;
}

function Line({ children }: { children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <TriangleAlert
        aria-hidden
        className="mt-0.5 size-4 shrink-0 text-warning-text"
      />
      <span className="min-w-0 break-words">{children}</span>
    </li>
  );
}

function hasLanguage({ byLanguage }: CoverageGrid["rows"][number]): boolean {
  return [...byLanguage.keys()].some((language) => language !== "");
}

/** "German (de)". */
function named(code: string): string {
  const name = languageName(code);
  return name ? `${name} (${code})` : code;
}
