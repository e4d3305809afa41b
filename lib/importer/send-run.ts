import { AppError } from "@/lib/domain/errors";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { openTable } from "./open-table";
import { NotUtf8Error } from "./read-table";
import { runImport, type ImportPass } from "./run-import";
import type { BatchSender } from "./send-batches";

/**
 * Sends a checked file: the same pass as the check, so that batch n is the same
 * batch every time, and those the server has already are passed over.
 *
 * @throws {AppError} a sentence when the file cannot be read or a batch is
 *   refused for good.
 */
export async function sendRun(
  args: Omit<ImportPass, "headers" | "onBatch"> & {
    sender: BatchSender;
    appliedSequences: readonly number[];
    /** A batch that was not sent because the server has it. */
    onSkipped: (batch: { sequence: number; entities: number }) => void;
  },
): Promise<void> {
  const { sender, onSkipped } = args;
  const applied = new Set(args.appliedSequences);
  const { headers } = await openTable(args.file, args.options);
  try {
    await runImport({
      ...args,
      headers,
      onBatch: (batch, sequence) => {
        if (!applied.has(sequence)) return sender.send(batch, sequence);
        onSkipped({ sequence, entities: batch.rows.length });
      },
    });
  } catch (error) {
    // What is on its way is let to arrive, also when no more follows.
    await sender.finish().catch(() => undefined);
    if (error instanceof NotUtf8Error) {
      throw new AppError("unprocessable", FILE_REFUSALS.notUtf8);
    }
    throw error;
  }
  await sender.finish();
}
