"use client";

import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { Select } from "@/components/ui/select";
import type { ColumnProblem } from "@/lib/domain/column-problems";
import {
  ROW_LANGUAGE,
  type ColumnUse,
  type EmptyCell,
} from "@/lib/domain/mapping";
import { EMPTY_CELL_NAMES } from "@/lib/wording/import-columns";
import { LANGUAGE_WORDS } from "@/lib/wording/languages";

type ValueBoxesProps = {
  column: number;
  name: string;
  use: Extract<ColumnUse, { as: "property" | "pivotValue" }>;
  problem: ColumnProblem | undefined;
  problemId: string;
  hasLanguageColumn: boolean;
  languageOptions: readonly ComboboxOption[];
  onUse: (column: number, use: ColumnUse) => void;
};

/** The language of a column's values, and what its empty cells mean. */
export function ValueBoxes(props: ValueBoxesProps) {
  const { column, name, use, problem, problemId, onUse } = props;
  const isWrong = problem?.part === "language";
  const { fromRow } = LANGUAGE_WORDS;
  return (
    <>
      <Combobox
        aria-label={LANGUAGE_WORDS.languageOf(name)}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? problemId : ""}
        placeholder={LANGUAGE_WORDS.noLanguage}
        value={use.language === ROW_LANGUAGE ? fromRow : use.language}
        options={
          props.hasLanguageColumn
            ? [
                { value: fromRow, label: LANGUAGE_WORDS.fromRowLong },
                ...props.languageOptions,
              ]
            : props.languageOptions
        }
        onValueChange={(language) =>
          onUse(column, {
            ...use,
            language: language === fromRow ? ROW_LANGUAGE : language.trim(),
          })
        }
      />
      <Select
        aria-label={LANGUAGE_WORDS.emptyCellsOf(name)}
        value={use.emptyCell}
        onChange={(event) =>
          onUse(column, { ...use, emptyCell: event.target.value as EmptyCell })
        }
      >
        {EMPTY_CELL_NAMES.map(([value, , label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </>
  );
}
