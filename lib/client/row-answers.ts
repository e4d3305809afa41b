import { AppError } from "@/lib/domain/errors";
import { createRowDesk } from "@/lib/importer/row-desk";
import type { RowEvent, RowRequest } from "@/lib/importer/row-messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

const PROGRESS_EVERY_MS = 100;

/** The worker's side of the rows page: answers requests beside whatever job runs. */
export function createRowAnswers(
  fileOf: () => Blob | undefined,
  post: (event: RowEvent) => void,
): (request: RowRequest) => void {
  const desk = createRowDesk(fileOf);
  const open = new Map<number, AbortController>();

  async function answer(request: Extract<RowRequest, { type: "rows" }>) {
    const { id } = request;
    const stopping = new AbortController();
    open.set(id, stopping);
    let toldAt = performance.now();
    try {
      const answer = await desk.answer(request.is, request.ask, {
        signal: stopping.signal,
        onProgress(share) {
          const at = performance.now();
          if (at - toldAt < PROGRESS_EVERY_MS) return;
          toldAt = at;
          post({ type: "rowsProgressed", id, share });
        },
      });
      post({ type: "rowsAnswered", id, answer });
    } catch (error) {
      // Nobody waits for an answer that was called off.
      if (!stopping.signal.aborted) {
        post({ type: "rowsFailed", id, message: sentenceOf(error) });
      }
    } finally {
      open.delete(id);
    }
  }

  return (request) => {
    if (request.type === "rows") void answer(request);
    else open.get(request.id)?.abort();
  };
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  console.error(error);
  return IMPORT_FAILURES.rowsUnexpected;
}
