import { createKeyCleaner, type CleanKey } from "@/lib/domain/clean-key";
import { hasOnlyLegalCharacters, isEntryKey } from "@/lib/domain/identifiers";
import { keyCellsOf } from "@/lib/domain/key-cells";
import type { KeyRule } from "@/lib/domain/key-rules";
import type { ColumnMapping } from "@/lib/domain/mapping";

import type { RowObserver } from "./run-import";

/** Rules that, after those of the mapping, would make illegal keys legal. */
export type KeyRepair = {
  rules: KeyRule[];
  /** Rows that are rejected for their key alone and would not be. */
  rows: number;
  /** The first such key as it is and as it would be. */
  example: { from: string; to: string };
};

/**
 * Looks at the rows that are rejected for an illegal key and for nothing else,
 * and finds the fewest rules that make the most of their keys legal.
 */
export function createIllegalKeyCollector(
  mapping: ColumnMapping,
): RowObserver & { result: () => KeyRepair | null } {
  const keyCells = keyCellsOf(mapping);
  const before = createKeyCleaner(mapping.keyRules) ?? asItIs;
  const needs = { trim: false, transliterate: false, illegal: false };
  let rows = 0;
  let first: string[] | undefined;

  return {
    row(cells, _rowNumber, mapped) {
      if (mapped.kind !== "rejected") return;
      if (mapped.issues.some(({ code }) => code !== "key_illegal")) return;
      const parts = keyCells(cells).map(before);
      const repaired = parts.map(ALL);
      const isSaved =
        repaired.every((part) => part !== "") &&
        isEntryKey(repaired.join(mapping.keySeparator));
      if (!isSaved) return;
      rows += 1;
      first ??= parts.map((part) => part.slice());
      for (const part of parts) {
        const trimmed = TRIM(part);
        const latin = LATIN(trimmed);
        needs.trim ||= trimmed !== part;
        needs.transliterate ||= latin !== trimmed;
        needs.illegal ||= !hasOnlyLegalCharacters(latin);
      }
    },
    result() {
      if (!first) return null;
      const rules = RULES.filter(({ rule }) => needs[rule]);
      const clean = createKeyCleaner(rules) ?? asItIs;
      const join = (parts: string[]) => parts.join(mapping.keySeparator);
      const example = { from: join(first), to: join(first.map(clean)) };
      return { rules, rows, example };
    },
  };
}

const RULES = [
  { rule: "trim" },
  { rule: "transliterate" },
  { rule: "illegal", by: "-" },
] as const satisfies readonly KeyRule[];

const asItIs: CleanKey = (cell) => cell;
const ALL = createKeyCleaner(RULES) ?? asItIs;
const TRIM = createKeyCleaner([RULES[0]]) ?? asItIs;
const LATIN = createKeyCleaner([RULES[1]]) ?? asItIs;
