import type {
  RowAskName,
  RowAsks,
  RowEvent,
  RowRequest,
} from "@/lib/importer/row-messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

type Waiting = {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
  onProgress: ((share: number) => void) | undefined;
};

/** An answer that nobody wants any more, or whose worker has ended. */
export class CalledOff extends Error {
  constructor() {
    super(IMPORT_FAILURES.calledOff);
  }
}

/** The page's side: asks the worker about rows, several questions at a time. */
export class RowsClient {
  private readonly waiting = new Map<number, Waiting>();
  private ids = 0;

  constructor(private readonly post: (request: RowRequest) => void) {}

  /**
   * @throws {CalledOff} when the signal was aborted or the file was closed.
   * @throws {Error} a sentence for the page.
   */
  readonly ask = <Name extends RowAskName>(
    is: Name,
    ask: RowAsks[Name]["ask"],
    how: {
      signal?: AbortSignal;
      /** From 0 to 1. */
      onProgress?: (share: number) => void;
    } = {},
  ): Promise<RowAsks[Name]["answer"]> => {
    const id = (this.ids += 1);
    const { signal, onProgress } = how;
    if (signal?.aborted) return Promise.reject(new CalledOff());
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      signal?.addEventListener("abort", () => {
        if (!this.waiting.delete(id)) return;
        this.post({ type: "rowsCancelled", id });
        reject(new CalledOff());
      });
      this.post({ type: "rows", id, is, ask } as RowRequest);
    });
  };

  readonly onEvent = (event: RowEvent): void => {
    const waiting = this.waiting.get(event.id);
    if (!waiting) return;
    if (event.type === "rowsProgressed") {
      waiting.onProgress?.(event.share);
      return;
    }
    this.waiting.delete(event.id);
    if (event.type === "rowsAnswered") waiting.resolve(event.answer as never);
    else waiting.reject(new Error(event.message));
  };

  /** The worker ends: what it was asked stays without an answer. */
  readonly end = (): void => {
    for (const { reject } of this.waiting.values()) reject(new CalledOff());
    this.waiting.clear();
  };
}
