import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import {
  MISSING_MAX,
  type KeyPage,
  type MissingEntries,
} from "@/lib/domain/mirror";

import type { RowsClient } from "./rows-client";

/**
 * Compares a source with the open file: the worker knows the file's keys, the
 * server gives the source's page by page. Lists 200,000 missing entries at most.
 *
 * @throws what `ask` and `readKeys` throw; the reason of the signal.
 */
export async function findMissing(args: {
  table: { options: TableOptions; mapping: ColumnMapping };
  ask: RowsClient["ask"];
  readKeys: (after: string | null, signal: AbortSignal) => Promise<KeyPage>;
  signal: AbortSignal;
  /** Entries of the source that were compared. */
  onProgress: (compared: number) => void;
}): Promise<MissingEntries> {
  const { table, ask, readKeys, signal } = args;
  const counts = await ask("fileKeys", table, { signal });
  const keys: string[] = [];
  let sourceEntries = 0;
  let at: string | undefined;
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const page: KeyPage = await readKeys(after, signal);
    at ??= page.at;
    sourceEntries += page.keys.length;
    const lacking = await ask("lacking", { keys: page.keys }, { signal });
    const room = MISSING_MAX + 1 - keys.length;
    keys.push(...lacking.slice(0, room));
    after = page.next;
    args.onProgress(sourceEntries);
  } while (after !== null && keys.length <= MISSING_MAX);
  return {
    ...{ ...counts, sourceEntries, at },
    keys: keys.slice(0, MISSING_MAX),
    isCut: keys.length > MISSING_MAX,
  };
}
