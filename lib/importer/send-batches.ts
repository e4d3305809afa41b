import { AppError, ERROR_CODES, type ErrorCode } from "@/lib/domain/errors";
import type { TableBatch } from "@/lib/domain/table-batch";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

const ATTEMPT_MS_MAX = 180_000;
/** After a stop, what is on its way has this long to arrive. */
const STOP_GRACE_MS = 5_000;
const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 8_000;
const RETRY_AFTER_MS_MAX = 120_000;
/** A server that is away answers 502 to 504 or not at all; one that answers 500 this often has a bug. */
const INTERNAL_ERRORS_MAX = 40;
const RETRIED = new Set([408, 425, 429]);

export type SenderSettings = {
  /** Where a batch goes. */
  url: (sequence: number) => string;
  headers: Record<string, string>;
  /** 1 sends one after another. */
  inFlightMax: number;
  fetch: typeof fetch;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
  /** Resolves when sending may go on: at once, or after a pause. */
  untilResumed: () => Promise<void>;
  /** Ends retries and new batches; what is on its way is still awaited. */
  signal: AbortSignal;
  onSent: (batch: {
    sequence: number;
    entities: number;
    /** Of them, refused and set aside. */
    aside: number;
  }) => void;
  onWaiting: (isWaiting: boolean) => void;
};

export type BatchSender = {
  /** Resolves when there is room for the next batch, not when this one has arrived. */
  send(batch: TableBatch, sequence: number): Promise<void>;
  /** Resolves when everything has arrived. */
  finish(): Promise<void>;
};

/**
 * Sends batches, several at a time, until each is acknowledged. Away networks
 * and servers are waited for without an end (full jitter, Retry-After);
 * resending is safe because the server applies each number once.
 *
 * @throws {AppError} from either method: the server refused a batch for good,
 *   with the server's sentence.
 */
export function createBatchSender(settings: SenderSettings): BatchSender {
  const onTheWay = new Set<Promise<void>>();
  const waiting = new Set<number>();
  const patience = { ...settings, giveUp: afterGrace(settings.signal) };
  let failure: { error: unknown } | undefined;

  function noteWaiting(sequence: number, isWaiting: boolean): void {
    const before = waiting.size > 0;
    if (isWaiting) waiting.add(sequence);
    else waiting.delete(sequence);
    const now = waiting.size > 0;
    if (before !== now) settings.onWaiting(now);
  }

  async function deliver(batch: TableBatch, sequence: number): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify(batch));
    const entities = batch.rows.length;
    try {
      const aside = await putUntilTaken(patience, sequence, body, (isWaiting) =>
        noteWaiting(sequence, isWaiting),
      );
      settings.onSent({ sequence, entities, aside });
    } finally {
      noteWaiting(sequence, false);
    }
  }

  function throwFailure(): void {
    if (failure) throw failure.error;
  }

  return {
    async send(batch, sequence) {
      await settings.untilResumed();
      while (onTheWay.size >= settings.inFlightMax) {
        await Promise.race(onTheWay);
        throwFailure();
      }
      throwFailure();
      settings.signal.throwIfAborted();
      const job = deliver(batch, sequence)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => onTheWay.delete(job));
      onTheWay.add(job);
    },
    async finish() {
      await Promise.all(onTheWay);
      throwFailure();
    },
  };
}

type PatientSettings = SenderSettings & { giveUp: AbortSignal };

/** Gives how many entities the server set aside. */
async function putUntilTaken(
  settings: PatientSettings,
  sequence: number,
  body: Uint8Array<ArrayBuffer>,
  onWaiting: (isWaiting: boolean) => void,
): Promise<number> {
  let internalErrors = 0;
  for (let attempt = 0; ; attempt++) {
    const answer = await put(settings, sequence, body);
    if (answer?.ok) return answer.aside;
    const refusal = answer?.response;
    if (refusal?.status === 500) internalErrors += 1;
    const isWorthRetrying =
      refusal === undefined ||
      RETRIED.has(refusal.status) ||
      refusal.status >= 500;
    if (
      refusal &&
      (!isWorthRetrying || internalErrors >= INTERNAL_ERRORS_MAX)
    ) {
      throw await readRefusal(refusal, sequence);
    }
    settings.signal.throwIfAborted();
    onWaiting(true);
    await settings.sleep(
      retryDelayMs(settings, attempt, refusal),
      settings.signal,
    );
    await settings.untilResumed();
    settings.signal.throwIfAborted();
  }
}

type Answer = { ok: true; aside: number } | { ok: false; response: Response };

/** What is listed later comes from the ledger: of the receipt only this is wanted, and a batch is not sent again for it. */
function readAside(receipt: string): number {
  try {
    const { aside } = JSON.parse(receipt) as { aside?: unknown };
    return typeof aside === "number" ? aside : 0;
  } catch {
    return 0;
  }
}

/** `undefined`: there was no answer. */
async function put(
  settings: PatientSettings,
  sequence: number,
  body: Uint8Array<ArrayBuffer>,
): Promise<Answer | undefined> {
  try {
    const response = await settings.fetch(settings.url(sequence), {
      method: "PUT",
      body,
      headers: { "content-type": "application/json", ...settings.headers },
      signal: AbortSignal.any([
        AbortSignal.timeout(ATTEMPT_MS_MAX),
        settings.giveUp,
      ]),
      // A sign-in page instead of an answer must not look like success.
      redirect: "error",
    });
    // Acknowledged is what was read to the end.
    if (!response.ok) return { ok: false, response };
    const receipt = await response.text();
    return { ok: true, aside: readAside(receipt) };
  } catch {
    // Network away, server gone in the middle, or too slow: all the same to us.
    return undefined;
  }
}

/** Aborts some seconds after `stop` does. */
function afterGrace(stop: AbortSignal): AbortSignal {
  const late = new AbortController();
  const begin = () => setTimeout(() => late.abort(), STOP_GRACE_MS);
  stop.addEventListener("abort", begin, { once: true });
  return late.signal;
}

function retryDelayMs(
  { random }: SenderSettings,
  attempt: number,
  answer: Response | undefined,
): number {
  const backoff = Math.min(
    BACKOFF_MS_MAX,
    BACKOFF_MS * 2 ** Math.min(attempt, 10),
  );
  const asked = readRetryAfterMs(answer?.headers.get("retry-after"));
  // Jitter on top of what was asked, so that tabs do not come back all at once.
  return asked + random() * backoff;
}

function readRetryAfterMs(header: string | null | undefined): number {
  if (!header) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds)
    ? seconds * 1_000
    : Date.parse(header) - Date.now();
  return Number.isFinite(ms)
    ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX)
    : 0;
}

async function readRefusal(
  answer: Response,
  sequence: number,
): Promise<AppError> {
  let message = FILE_REFUSALS.batchRefused(sequence, answer.status);
  let code: ErrorCode = answer.status >= 500 ? "internal" : "invalid_input";
  try {
    const { error } = (await answer.json()) as {
      error?: { code?: unknown; message?: unknown };
    };
    if (typeof error?.message === "string") message = error.message;
    if (
      typeof error?.code === "string" &&
      Object.hasOwn(ERROR_CODES, error.code)
    ) {
      code = error.code as ErrorCode;
    }
  } catch {
    // Not our server's JSON: a proxy answered. The status is all there is to tell.
  }
  return new AppError(code, message);
}
