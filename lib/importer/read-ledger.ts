import { AppError } from "@/lib/domain/errors";
import {
  batchOutcomesPageSchema,
  createRunLedger,
  type BatchOutcomes,
  type RunLedger,
} from "@/lib/domain/run-receipt";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

/**
 * Reads from the server what became of each entity of a run. Some bytes an
 * entity are held: a million entities are 1 MB of letters.
 *
 * @throws {AppError} `unavailable` when the server does not answer with it.
 */
export async function readRunLedger(args: {
  /** Where the page after a sequence is. */
  url: (after: number) => string;
  fetch: typeof fetch;
  signal: AbortSignal;
}): Promise<RunLedger> {
  const lines: BatchOutcomes[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page = await readPage(args, after);
    lines.push(...page.batches);
    after = page.nextAfter;
  }
  return createRunLedger(lines);
}

async function readPage(
  { url, fetch, signal }: Parameters<typeof readRunLedger>[0],
  after: number,
) {
  try {
    const response = await fetch(url(after), { signal, redirect: "error" });
    if (response.ok) {
      return batchOutcomesPageSchema.parse(await response.json());
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw notRead(cause);
  }
  throw notRead();
}

function notRead(cause?: unknown): AppError {
  return new AppError("unavailable", FILE_REFUSALS.ledgerUnread, { cause });
}
