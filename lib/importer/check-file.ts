import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import { mappingProblems, type ColumnMapping } from "@/lib/domain/mapping";
import { headersAfter } from "@/lib/domain/table-steps";
import { TABLE_NOTICES } from "@/lib/wording/table-notices";

import { createFileHasher } from "./file-hash";
import {
  createFileWatch,
  onlyChanged,
  type FileMemory,
  type LastFile,
  type RowGate,
} from "./file-changes";
import { createFileInsights, type FileInsights } from "./file-insights";
import { openTable } from "./open-table";
import { NotUtf8Error } from "./read-table";
import { runImport, type ImportPass, type PassResult } from "./run-import";

/** What the page is told of a check. */
export type CheckedForPage = PassResult & {
  fileHash: string;
  /** How the file was read in the end. */
  options: TableOptions;
  headers: string[];
  notices: string[];
  insights: FileInsights;
};

export type CheckedFile = CheckedForPage & {
  /** What to keep of the file when it is sent; only where its mapping follows a recipe. */
  memory?: FileMemory;
};

/**
 * Checks a whole file against a mapping, sending nothing: counts, problems,
 * hash, and the first entities. A file that proves not to be UTF-8 is read
 * again as windows-1252, and `options` and `notices` say so.
 *
 * @throws {AppError} a sentence when the file or the mapping cannot be used.
 */
export async function checkFile(args: {
  file: Blob;
  options: TableOptions;
  mapping: ColumnMapping;
  /** Identity of what was dropped, where `file` was made from it. */
  hash?: (() => Promise<string>) | undefined;
  /** The last file of the recipe that the mapping follows. */
  last?: LastFile | undefined;
  onProgress?: (rows: number, bytesRead: number) => void;
  signal?: AbortSignal | undefined;
}): Promise<CheckedFile> {
  const { file, mapping } = args;
  const { headers } = await openTable(file, args.options);
  const problems = mappingProblems(mapping, headers);
  if (problems.length > 0) {
    throw new AppError("invalid_input", problems.join(" "));
  }
  const notices: string[] = [];
  let { options } = args;
  for (;;) {
    const hasher = createFileHasher();
    const insights = createFileInsights({ mapping, headers });
    const watch = mapping.recipe && watchFile(mapping, headers, args.last);
    try {
      const leavesOut = mapping.recipe?.onlyChangedSince !== undefined;
      // What is unchanged is known only when all rows of a key were seen.
      const seen =
        watch && leavesOut
          ? await seeWhole({ ...args, options, headers }, watch)
          : undefined;
      const onSlice = args.hash
        ? undefined
        : (slice: Uint8Array<ArrayBuffer>) => hasher.add(slice);
      const pass = { ...args, options, headers };
      const result = await runImport({
        ...{ ...pass, onSlice },
        observers:
          watch && !seen
            ? [...insights.observers, watch.observer]
            : insights.observers,
        gate: seen ?? watch?.gate,
      });
      const { shortRows } = result;
      if (shortRows.count > 0) notices.push(TABLE_NOTICES.shortRows(shortRows));
      const fileHash = await (args.hash?.() ?? hasher.finish());
      return {
        ...{ ...result, fileHash, options, headers, notices },
        insights: {
          ...(await insights.readOn(
            pass,
            result.report.rowsRead - result.report.rowsBlank,
          )),
          ...(watch && { changes: watch.changes() }),
        },
        ...(watch && { memory: watch.memory() }),
      };
    } catch (error) {
      // Read again once with the encoding that is left; it takes any byte.
      if (!(error instanceof NotUtf8Error)) throw error;
      options = { ...options, encoding: error.encoding };
      notices.push(TABLE_NOTICES.notUtf8);
    }
  }
}

type Watch = ReturnType<typeof createFileWatch>;

function watchFile(
  mapping: ColumnMapping,
  fileHeaders: readonly string[],
  last: LastFile | undefined,
): Watch {
  const headers = headersAfter(mapping.steps, fileHeaders);
  return createFileWatch({ mapping, headers: [...headers], last });
}

/** A pass that sends nothing, for the gate of the one that is checked. */
async function seeWhole(
  pass: Pick<ImportPass, "file" | "options" | "mapping" | "headers" | "signal">,
  watch: Watch,
): Promise<RowGate> {
  const { file, options, mapping, headers, signal } = pass;
  await runImport({
    ...{ file, options, mapping, headers, signal },
    observers: [watch.observer],
    gate: watch.gate,
  });
  watch.changes();
  return onlyChanged(watch.memory().hashes);
}
