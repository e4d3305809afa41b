import type { Repeats } from "@/lib/domain/forecast";
import { NO_REPEATS } from "@/lib/domain/forecast";
import type { TableBatch } from "@/lib/domain/table-batch";

import type { ForecastAsker } from "./ask-forecast";
import { createKeySet, type KeySet } from "./key-set";
import { openTable } from "./open-table";
import { runImport, type ImportPass } from "./run-import";

/**
 * Asks for every batch of a checked file what it would do: the same pass as the
 * sending. Where keys stand in several batches, a pass before that finds out
 * which: the server must remember these.
 *
 * @throws whatever the pass or the asker throws, and the reason of `signal`.
 */
export async function forecastFile(
  args: Omit<ImportPass, "headers" | "onBatch" | "onRejected" | "observers"> & {
    asker: ForecastAsker;
    /** From the check: whether a key stands in two batches. */
    needsOrder: boolean;
  },
): Promise<void> {
  const { asker, needsOrder, ...pass } = args;
  const { headers } = await openTable(pass.file, pass.options);
  const repeatsOf = needsOrder
    ? await findRepeats({ ...pass, headers })
    : () => NO_REPEATS;
  await runImport({
    ...pass,
    headers,
    onBatch: (batch, sequence) => asker.ask(batch, sequence, repeatsOf(batch)),
  });
  await asker.finish();
}

/** Reads the file once for the keys that several batches name. Gives what to call for each batch, in order. */
async function findRepeats(
  pass: ImportPass,
): Promise<(batch: TableBatch) => Repeats> {
  const known = createKeySet();
  const repeated = createKeySet();
  await runImport({
    ...pass,
    onBatch: ({ rows }) => {
      for (const [key] of rows) if (known.add(key)) repeated.add(key);
    },
  });
  const seen: KeySet = createKeySet();
  return ({ rows }) => {
    const first: number[] = [];
    const again: number[] = [];
    for (const [position, [key]] of rows.entries()) {
      if (!repeated.has(key)) continue;
      (seen.add(key) ? again : first).push(position);
    }
    return { first, again };
  };
}
