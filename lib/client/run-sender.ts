import {
  AppError,
  ERROR_CODES,
  type ErrorCode,
  type Failure,
} from "@/lib/domain/errors";
import type { CheckReport, ImportRun } from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";
import type { WorkerRequest } from "@/lib/importer/messages";
import { SEND_REFUSALS, SEND_WORDS } from "@/lib/wording/import-send";

import type { ControllerParts } from "./import-controller";
import type { Hold, ImportSession, SessionChange } from "./import-session";
import { isReadAsBefore, otherFile, readOtherwise } from "./other-file";

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;
const REPORT_CHARS_MAX = 300_000;
const RANGES_KEPT = 12;
const SAMPLES_KEPT = 2;

type SenderParts = Pick<
  ControllerParts,
  "sourceId" | "actions" | "tabId" | "findRun" | "wait" | "nowMs"
> & {
  session: () => ImportSession;
  change: (step: SessionChange) => void;
  post: (request: WorkerRequest) => void;
};

/** The part of the controller that sends a checked file: holds the run, goes on after failures, ends it. */
export class RunSender {
  /** Raised by whatever a person does, so that a waiting retry gives way. */
  private turn = 0;
  /** Since a batch last went through; each waits twice as long. */
  private retries = 0;
  /** The worker stands at a batch and can go on from there. */
  private isWorkerPaused = false;

  constructor(private readonly parts: SenderParts) {}

  /** Stores a run for the checked file, then sends it. */
  async start(): Promise<void> {
    const { actions, change, session } = this.parts;
    const now = session();
    if (now.at !== "checked" || now.isStarting) return;
    const { opened, checked } = now;
    change({ type: "runStarting" });
    const started = await reach(
      actions.startRun({
        sourceId: this.parts.sourceId,
        file: {
          name: opened.file.name.slice(-255),
          bytes: opened.file.size,
          hash: checked.fileHash,
        },
        tableOptions: opened.preview.options,
        headers: opened.preview.headers,
        mapping: opened.mapping,
        check: fitReport(checked.report),
        ...(opened.continued?.run && { continues: opened.continued.run.id }),
        tabId: this.parts.tabId(),
      }),
    );
    if (started.ok) this.begin(started.data, []);
    else change({ type: "failed", message: notStarted(started.error) });
  }

  /** Goes on with a stored run, if the checked file is the run's and makes the same batches. */
  async takeUp(run: ImportRun): Promise<void> {
    const { change, session, nowMs } = this.parts;
    const now = session();
    if (now.at !== "checked") return;
    if (now.checked.fileHash !== run.file.hash) {
      change({ type: "dropped", file: now.opened.file });
      change({ type: "failed", message: otherFile(run, now.opened.file) });
      return;
    }
    const { report } = now.checked;
    if (!isReadAsBefore(run, report)) {
      change({ type: "dropped", file: now.opened.file });
      change({ type: "failed", message: readOtherwise(run, report) });
      return;
    }
    change({ type: "sendingStarted", run, nowMs: nowMs() });
    await this.take(false);
  }

  /** After the worker gave up. */
  async recover(message: string, canRetry: boolean): Promise<void> {
    await (canRetry ? this.retry(message) : this.explain({ message }));
  }

  private async recoverFrom(failure: Failure): Promise<void> {
    await (isRetryable(failure)
      ? this.retry(failure.message)
      : this.explain(failure));
  }

  pause(): void {
    const now = this.parts.session();
    if (now.at !== "sending") return;
    this.turn += 1;
    this.isWorkerPaused = now.hold.is === "none";
    this.parts.post({ type: "pause" });
    this.hold({ is: "paused" });
    this.release(now.run.id);
  }

  /** Goes on sending; forced, it takes the run from another tab. */
  async goOn(isForced: boolean): Promise<void> {
    const now = this.parts.session();
    if (now.at !== "sending") return;
    this.turn += 1;
    if (!this.isWorkerPaused) return this.take(isForced);
    const taken = await this.askForRun(now.run.id, isForced);
    if (taken.ok) {
      this.isWorkerPaused = false;
      this.hold({ is: "none" });
      this.parts.post({ type: "resume" });
    } else if (!isRetryable(taken.error)) {
      await this.explain(taken.error);
    } else {
      this.isWorkerPaused = false;
      await this.retry(taken.error.message);
    }
  }

  /** A sentence when it could not be cancelled. */
  async cancel(): Promise<string | undefined> {
    const { actions, change, post, session } = this.parts;
    const now = session();
    if (now.at !== "sending") return undefined;
    const cancelled = await reach(actions.cancelRun(now.run.id));
    if (!cancelled.ok) {
      await this.explain(cancelled.error);
      return session().at === "ended" ? undefined : cancelled.error.message;
    }
    this.turn += 1;
    change({ type: "ended", run: cancelled.data });
    post({ type: "stop" });
    return undefined;
  }

  /** All batches are sent: asks the server to close the run. */
  async finish(): Promise<void> {
    const now = this.parts.session();
    if (now.at !== "sending") return;
    const finished = await reach(this.parts.actions.finishRun(now.run.id));
    if (finished.ok) {
      this.parts.change({ type: "ended", run: finished.data });
    } else {
      await this.recoverFrom(finished.error);
    }
  }

  /** A batch went through: the server is back. */
  onBatch(): void {
    this.retries = 0;
  }

  /** The tab leaves the run. */
  letGo(): void {
    const now = this.parts.session();
    this.turn += 1;
    if (now.at === "sending" && now.hold.is === "none") {
      this.release(now.run.id);
    }
  }

  private begin(run: ImportRun, appliedSequences: number[]): void {
    const now = this.parts.session();
    if (now.at !== "checked" && now.at !== "sending") return;
    this.isWorkerPaused = false;
    this.parts.change({
      type: "sendingStarted",
      run,
      nowMs: this.parts.nowMs(),
    });
    this.parts.post({
      type: "send",
      runId: run.id,
      tabId: this.parts.tabId(),
      options: now.opened.preview.options,
      mapping: now.opened.mapping,
      appliedSequences,
      isOrderNeeded: run.check.needsOrder || now.checked.report.needsOrder,
    });
  }

  /** Takes the run and sends what is missing; says why when it cannot. */
  private async take(isForced: boolean): Promise<void> {
    const now = this.parts.session();
    if (now.at !== "sending") return;
    const taken = await this.askForRun(now.run.id, isForced);
    if (taken.ok) this.begin(taken.data.run, taken.data.appliedSequences);
    else await this.recoverFrom(taken.error);
  }

  private askForRun(runId: string, isForced: boolean) {
    const { actions, tabId } = this.parts;
    return reach(actions.takeRun(runId, { tabId: tabId(), isForced }));
  }

  private async retry(message: string): Promise<void> {
    this.turn += 1;
    const own = this.turn;
    this.hold({ is: "waiting", message });
    const ms = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.retries);
    this.retries += 1;
    await this.parts.wait(ms);
    if (own === this.turn) await this.take(false);
  }

  /** The server said no: the run has ended elsewhere, another tab has it, or a person must look. */
  private async explain({
    message,
    code,
  }: {
    message: string;
    code?: ErrorCode;
  }): Promise<void> {
    const { session, findRun, tabId, change } = this.parts;
    const now = session();
    if (now.at !== "sending") return;
    if (code === "unauthenticated") {
      this.isWorkerPaused = false;
      return this.hold({
        is: "refused",
        message: SEND_REFUSALS.signedOut,
        remedy: "signIn",
      });
    }
    let run: ImportRun | undefined;
    try {
      run = await findRun(now.run.id);
    } catch (error) {
      // Away or refused: the message at hand tells more. Only a run that is gone is news.
      if (error instanceof AppError && error.code === "not_found") {
        return this.endWithoutRun();
      }
    }
    if (run?.status === "finished" || run?.status === "cancelled") {
      return change({ type: "ended", run });
    }
    const canTakeOver = !!run?.lease && run.lease.tabId !== tabId();
    this.isWorkerPaused = false;
    const remedy = canTakeOver ? "takeOver" : "retry";
    this.hold({ is: "refused", message, remedy });
  }

  private endWithoutRun(): void {
    this.turn += 1;
    this.parts.post({ type: "stop" });
    this.hold({
      is: "refused",
      message: SEND_REFUSALS.runGone,
      remedy: "none",
    });
  }

  private hold(hold: Hold): void {
    this.parts.change({ type: "held", hold, nowMs: this.parts.nowMs() });
  }

  /** Not needed for safety: without it the run only looks held until its lease ends. */
  private release(runId: string): void {
    void reach(this.parts.actions.pauseRun(runId, this.parts.tabId()));
  }
}

/**
 * A server action takes 1 MB: of a very long report only the first ranges of
 * each problem go along. The counts stay, and the file can name all rows again.
 */
function fitReport(report: CheckReport): CheckReport {
  if (JSON.stringify(report).length <= REPORT_CHARS_MAX) return report;
  return {
    ...report,
    issues: report.issues.map((issue) => ({
      ...issue,
      ranges: issue.ranges.slice(0, RANGES_KEPT),
      samples: issue.samples.slice(0, SAMPLES_KEPT),
    })),
  };
}

/** An action whose server is away throws; here that is one more failure. */
async function reach<T>(
  answer: Promise<ActionResult<T>>,
): Promise<ActionResult<T>> {
  try {
    return await answer;
  } catch {
    return {
      ok: false,
      error: {
        code: "unavailable",
        message: SEND_WORDS.unreachable,
      },
    };
  }
}

function isRetryable({ code }: Failure): boolean {
  return ERROR_CODES[code].retryable;
}

/** Why no run was stored; the checked file stays open. */
function notStarted(failure: Failure): string {
  if (failure.code === "unauthenticated") {
    return SEND_REFUSALS.signedOutBefore;
  }
  return failure.code === "unavailable"
    ? SEND_REFUSALS.notStarted(failure.message)
    : sentence(failure);
}

/** The message, and the first field problem where the message alone says little. */
function sentence({ message, fields }: Failure): string {
  const [field] = Object.entries(fields ?? {});
  return field ? `${message} ${field[0]}: ${field[1]}` : message;
}
