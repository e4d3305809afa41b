import type { ImportRun } from "@/lib/domain/import-run";
import type { RunReport } from "@/lib/domain/run-receipt";
import type { WorkerEvent } from "@/lib/importer/messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import type { WorkerHandle } from "./import-controller";
import { inputOf, type InputFile } from "./input-file";
import { isReadAsBefore, otherFile, readOtherwise } from "./other-file";

export type RunFileState =
  | { is: "none" }
  | { is: "reading"; bytesRead: number }
  | { is: "ready" }
  | { is: "refused"; message: string };

/**
 * The file of a stored run, dropped again to make reports from: it is read in a
 * worker and compared with the run, and nothing is sent.
 */
export class RunFile {
  private worker: WorkerHandle | undefined;
  private waiting:
    | { resolve: (csv: Blob) => void; reject: (error: Error) => void }
    | undefined;

  constructor(
    private readonly parts: {
      run: ImportRun;
      startWorker: (onEvent: (event: WorkerEvent) => void) => WorkerHandle;
      onState: (state: RunFileState) => void;
    },
  ) {}

  /** Takes what was dropped together. */
  open(files: readonly File[]): void {
    this.close();
    const file = inputOf(files);
    const { run, startWorker, onState } = this.parts;
    if (file.size !== run.file.bytes) {
      return onState({ is: "refused", message: otherFile(run, file) });
    }
    onState({ is: "reading", bytesRead: 0 });
    const own = startWorker((event) => {
      if (own === this.worker) this.onEvent(event, file);
    });
    this.worker = own;
    own.post({ type: "open", files: file.files, options: run.tableOptions });
  }

  /** The report as a CSV. One at a time. */
  report(report: RunReport): Promise<Blob> {
    const { run } = this.parts;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker?.post({
        ...{ type: "report", report, runId: run.id },
        ...{ options: run.tableOptions, mapping: run.mapping },
      });
    });
  }

  /** Ends the worker and lets go of the file. */
  close(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.waiting?.reject(new Error(IMPORT_FAILURES.fileClosed));
    this.waiting = undefined;
  }

  private onEvent(event: WorkerEvent, file: InputFile): void {
    const { run, onState } = this.parts;
    switch (event.type) {
      case "opened":
        return this.worker?.post({
          ...{ type: "check", options: run.tableOptions },
          mapping: run.mapping,
        });
      case "progress":
        return onState({ is: "reading", bytesRead: event.progress.bytesRead });
      case "checked":
        return this.onChecked(event, file);
      case "reportReady":
        this.waiting?.resolve(event.csv);
        this.waiting = undefined;
        return;
      case "failed":
        return this.onFailed(event.message);
    }
  }

  private onChecked(
    { fileHash, report }: Extract<WorkerEvent, { type: "checked" }>,
    file: InputFile,
  ): void {
    const { run, onState } = this.parts;
    const isSame = fileHash === run.file.hash;
    if (isSame && isReadAsBefore(run, report)) return onState({ is: "ready" });
    this.close();
    const message = isSame ? readOtherwise(run, report) : otherFile(run, file);
    onState({ is: "refused", message });
  }

  private onFailed(message: string): void {
    if (this.waiting) {
      this.waiting.reject(new Error(message));
      this.waiting = undefined;
    } else {
      this.close();
      this.parts.onState({ is: "refused", message });
    }
  }
}
