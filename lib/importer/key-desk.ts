import { createKeyCleaner } from "@/lib/domain/clean-key";
import { AppError } from "@/lib/domain/errors";
import { isEntryKey } from "@/lib/domain/identifiers";
import { keyCellsOf } from "@/lib/domain/key-cells";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { createKeySet, type KeySet } from "./key-set";
import { ALL_ROWS, SILENT } from "./look-ahead";
import { openTable } from "./open-table";
import type { AskContext } from "./row-desk";
import type { RowAsks } from "./row-messages";
import { runImport } from "./run-import";

type Answer<Name extends "fileKeys" | "lacking"> = (
  ask: RowAsks[Name]["ask"],
  context: AskContext,
) => Promise<RowAsks[Name]["answer"]>;

/**
 * Answers which keys a file lacks. The keys of all its rows count, also of rows
 * that are rejected for something else and of rows that delete: an entry that
 * the file names is not missing. Two keys are taken for the same with the
 * chance of `createKeySet`, and then an entry is kept rather than deleted.
 *
 * @throws {AppError} from the answers: a sentence for the page.
 */
export function createKeyDesk(fileOf: () => Blob | undefined): {
  fileKeys: Answer<"fileKeys">;
  lacking: Answer<"lacking">;
} {
  let keys: KeySet | undefined;
  return {
    async fileKeys({ options, mapping }, { signal, onProgress }) {
      const file = fileOf();
      if (!file) throw new AppError("conflict", FILE_REFUSALS.noFile);
      const { headers } = await openTable(file, options);
      const keyOf = keyReader(mapping);
      const found = createKeySet();
      const counts = { rowsRead: 0, rowsWithoutKey: 0 };
      await runImport({
        ...SILENT,
        ...{ file, options, headers, signal },
        mapping: { ...mapping, ...ALL_ROWS },
        onProgress: (_rows, bytes) => onProgress(bytes / file.size),
        observers: [
          {
            row(cells, _rowNumber, mapped) {
              if (mapped.kind === "blank") return;
              counts.rowsRead += 1;
              const key =
                mapped.kind === "entity" ? mapped.row[0] : keyOf(cells);
              if (key === undefined) counts.rowsWithoutKey += 1;
              else found.add(key);
            },
          },
        ],
      });
      keys = found;
      return counts;
    },
    lacking({ keys: asked }) {
      const known = keys;
      if (!known) {
        throw new AppError("conflict", FILE_REFUSALS.keysUnread);
      }
      return Promise.resolve(asked.filter((key) => !known.has(key)));
    },
  };
}

/** The key of a row that is rejected for something else. */
function keyReader(
  mapping: ColumnMapping,
): (cells: readonly string[]) => string | undefined {
  const keyCells = keyCellsOf(mapping);
  const clean = createKeyCleaner(mapping.keyRules) ?? ((cell) => cell);
  return (cells) => {
    const parts = keyCells(cells).map(clean);
    const key = parts.join(mapping.keySeparator);
    return parts.every((part) => part !== "") && isEntryKey(key)
      ? key
      : undefined;
  };
}
