"use client";

import { useId, useState } from "react";

import { Button } from "@/components/ui/button";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { Input } from "@/components/ui/input";
import type { ColumnProblem } from "@/lib/domain/column-problems";
import type { ColumnUse } from "@/lib/domain/mapping";
import { untranslatedCells } from "@/lib/domain/suggest-row-languages";
import { LANGUAGE_WORDS as WORDS } from "@/lib/wording/languages";

import { CellText } from "./cell-text";

type LanguageUse = Extract<ColumnUse, { as: "language" }>;

type LanguageCodesProps = {
  use: LanguageUse;
  samples: readonly string[];
  problem: ColumnProblem | undefined;
  problemId: string;
  languageOptions: readonly ComboboxOption[];
  onUse: (use: LanguageUse) => void;
};

/** What the cells of a language column mean; folded away while all of them are codes. */
export function LanguageCodes({
  use,
  samples,
  problem,
  problemId,
  languageOptions,
  onUse,
}: LanguageCodesProps) {
  const codes = new Map(use.codes);
  const unknown = untranslatedCells(samples, codes);
  const [isOpen, setIsOpen] = useState(unknown.length > 0);
  const [added, setAdded] = useState<readonly string[]>([]);
  const listId = useId();
  const cells = [...new Set([...codes.keys(), ...samples, ...added])];

  function setCode(cell: string, text: string) {
    const code = text === WORDS.noLanguage ? "" : text.trim();
    const others = (use.codes ?? []).filter(([known]) => known !== cell);
    const isKept = text.trim() !== "" && code !== cell;
    const next = isKept
      ? [...others, [cell, code] as [string, string]]
      : others;
    onUse(next.length > 0 ? { as: use.as, codes: next } : { as: use.as });
  }

  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-muted lg:min-h-9">
        <p>
          {unknown.length > 0 ? WORDS.notCodes(unknown) : WORDS.rowLanguage}
        </p>
        <Button
          variant="ghost"
          size="sm"
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={() => setIsOpen(!isOpen)}
        >
          {codes.size > 0 ? WORDS.translated(codes.size) : WORDS.translate}
        </Button>
      </div>
      <div id={listId} hidden={!isOpen} className="space-y-2">
        <ul className="grid gap-2 sm:grid-cols-2">
          {cells.map((cell) => {
            const code = codes.get(cell);
            return (
              <li key={cell} className="flex min-w-0 items-center gap-2">
                <span className="w-24 shrink-0 truncate font-mono text-xs">
                  {cell === "" ? (
                    <span className="font-sans italic">{WORDS.emptyCell}</span>
                  ) : (
                    <CellText text={cell} />
                  )}
                </span>
                <Combobox
                  className="min-w-0 flex-1"
                  aria-label={WORDS.meaningOf(cell)}
                  aria-invalid={problem?.part === "language"}
                  aria-describedby={problem ? problemId : ""}
                  placeholder={WORDS.asItIs}
                  value={code === "" ? WORDS.noLanguage : (code ?? "")}
                  options={[{ value: WORDS.noLanguage }, ...languageOptions]}
                  onValueChange={(text) => setCode(cell, text)}
                />
              </li>
            );
          })}
        </ul>
        <AddCell onAdd={(cell) => setAdded([...added, cell])} />
      </div>
    </div>
  );
}

/** Cells further down than the first rows are known to the person, or named by the check. */
function AddCell({ onAdd }: { onAdd: (cell: string) => void }) {
  const [cell, setCell] = useState("");
  return (
    <form
      className="flex max-w-xs items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(cell);
        setCell("");
      }}
    >
      <Input
        aria-label={WORDS.anotherCell}
        placeholder={WORDS.anotherCell}
        maxLength={100}
        value={cell}
        onChange={(event) => setCell(event.target.value)}
      />
      <Button type="submit">{WORDS.addCell}</Button>
    </form>
  );
}
