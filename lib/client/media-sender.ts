import { ERROR_CODES } from "@/lib/domain/errors";
import { MEDIA_LIMITS } from "@/lib/domain/limits";

import type { MediaActions } from "./media-actions";
import type { OutboxRecord } from "./media-outbox";

const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 30_000;

export type SendState = {
  record: OutboxRecord;
  isSending: boolean;
  /** The server is away; the batch is sent again until it answers. */
  isWaiting: boolean;
  /** Why it cannot go on by itself. */
  problem: string | null;
};

/**
 * Sends what is left of a submission, 50 links after 50, and tells each step.
 * A batch that was not answered is sent again: the server takes each position
 * of a submission once. Settles when all is sent, when the server refuses, or
 * when `signal` aborts.
 */
export async function sendSubmission(args: {
  record: OutboxRecord;
  send: MediaActions["sendLinks"];
  keep: (record: OutboxRecord) => Promise<unknown>;
  wait: (ms: number) => Promise<void>;
  onChange: (state: SendState) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { send, keep, wait, onChange, signal } = args;
  let { record } = args;
  let pauseMs = PAUSE_MS_MIN;
  const tell = (more: Partial<SendState> = {}) =>
    onChange({
      record,
      ...{ isSending: true, isWaiting: false, problem: null },
      ...more,
    });

  while (record.answered < record.links.length && !signal.aborted) {
    tell({ isWaiting: pauseMs > PAUSE_MS_MIN });
    const { submissionId, owner, answered, endpointId } = record;
    const links = record.links.slice(
      answered,
      answered + MEDIA_LIMITS.linksPerRequestMax,
    );
    const result = await send({
      ...{ submissionId, owner, links },
      ...{ total: record.links.length, endpointId },
    }).catch(() => undefined);
    if (result?.ok) {
      pauseMs = PAUSE_MS_MIN;
      record = {
        ...record,
        answered: answered + links.length,
        refused: [...record.refused, ...result.data.refused],
      };
      await keep(record);
      continue;
    }
    if (result && !ERROR_CODES[result.error.code].retryable) {
      return tell({ isSending: false, problem: result.error.message });
    }
    tell({ isWaiting: true });
    await wait((result?.error.retryAfterSeconds ?? 0) * 1_000 || pauseMs);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
  tell({ isSending: false });
}
