import {
  forecastAnswerSchema,
  type ForecastAnswer,
  type Repeats,
} from "@/lib/domain/forecast";
import { AppError } from "@/lib/domain/errors";
import type { TableBatch } from "@/lib/domain/table-batch";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

const ATTEMPTS_MAX = 6;
const ATTEMPT_MS_MAX = 120_000;
const BACKOFF_MS = 400;
const BACKOFF_MS_MAX = 8_000;
const RETRIED = new Set([408, 425, 429]);

export type ForecastAsker = {
  /** Resolves when there is room for the next batch, not when this one is answered. */
  ask(batch: TableBatch, sequence: number, repeats: Repeats): Promise<void>;
  /** Resolves when everything is answered. */
  finish(): Promise<void>;
};

/**
 * Asks the server what batches would do, several at a time. Unlike sending it
 * gives up after some tries: a forecast is a convenience.
 *
 * @throws {AppError} from either method; the reason of `signal`.
 */
export function createForecastAsker(settings: {
  url: (sequence: number) => string;
  /** 1 asks one after another, in order. */
  inFlightMax: number;
  /** The file may bring the source to its limit of properties. */
  isNearLimit: boolean;
  fetch: typeof fetch;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  /** With the batch as it was sent, in JSON. */
  onAnswer: (batch: TableBatch, answer: ForecastAnswer, body: string) => void;
}): ForecastAsker {
  const onTheWay = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;

  function throwFailure(): void {
    settings.signal.throwIfAborted();
    if (failure) throw failure.error;
  }

  async function deliver(
    batch: TableBatch,
    sequence: number,
    repeats: Repeats,
  ): Promise<void> {
    const hasRepeats = repeats.first.length + repeats.again.length > 0;
    const body = JSON.stringify({
      ...batch,
      ...(hasRepeats && { repeats }),
      ...(settings.isNearLimit && { isNearLimit: true }),
    });
    for (let attempt = 1; ; attempt++) {
      const answer = await askOnce(settings, sequence, body);
      settings.signal.throwIfAborted();
      if (answer?.ok) {
        const parsed = forecastAnswerSchema.parse(await answer.json());
        return settings.onAnswer(batch, parsed, body);
      }
      const isWorthRetrying =
        !answer || RETRIED.has(answer.status) || answer.status >= 500;
      if (!isWorthRetrying || attempt >= ATTEMPTS_MAX) {
        throw await readFailure(answer);
      }
      await settings.sleep(waitMs(answer, attempt), settings.signal);
      settings.signal.throwIfAborted();
    }
  }

  return {
    async ask(batch, sequence, repeats) {
      while (onTheWay.size >= settings.inFlightMax) {
        await Promise.race(onTheWay);
        throwFailure();
      }
      throwFailure();
      const job = deliver(batch, sequence, repeats)
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

/** `undefined`: there was no answer. */
async function askOnce(
  settings: Parameters<typeof createForecastAsker>[0],
  sequence: number,
  body: string,
): Promise<Response | undefined> {
  try {
    return await settings.fetch(settings.url(sequence), {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.any([
        AbortSignal.timeout(ATTEMPT_MS_MAX),
        settings.signal,
      ]),
      redirect: "error",
    });
  } catch {
    return undefined;
  }
}

function waitMs(answer: Response | undefined, attempt: number): number {
  const asked = Number(answer?.headers.get("retry-after") ?? 0) * 1_000;
  const backoff = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** attempt);
  return Math.max(Number.isFinite(asked) ? asked : 0, backoff);
}

async function readFailure(answer: Response | undefined): Promise<AppError> {
  if (!answer) {
    return new AppError("unavailable", FILE_REFUSALS.unreachable);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  const message = (body as { error?: { message?: unknown } } | undefined)?.error
    ?.message;
  return new AppError(
    "unavailable",
    typeof message === "string"
      ? message
      : FILE_REFUSALS.answered(answer.status),
  );
}
