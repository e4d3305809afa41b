import type { MediaActions } from "./media-actions";
import { findSubmission, keepSubmission } from "./media-outbox";
import type { OutboxRecord } from "./media-outbox";
import { sendSubmission, type SendState } from "./media-sender";

/**
 * Submissions that this tab sends, beyond the component that began it: going to
 * another page of the Studio does not stop it, and a reload goes on from the
 * browser's storage.
 */
const states = new Map<string, SendState>();
const listeners = new Set<() => void>();
const running = new Set<string>();

export function subscribeToSending(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}

/** What this tab sends, or has sent, for `owner`; another person sees nothing of it. */
export function sendStateOf(
  submissionId: string,
  owner: string,
): SendState | undefined {
  const state = states.get(submissionId);
  return state?.record.owner === owner ? state : undefined;
}

/** Keeps a new submission and begins to send it. */
export async function beginSubmission(
  record: OutboxRecord,
  send: MediaActions["sendLinks"],
): Promise<void> {
  set({ record, isSending: true, isWaiting: false, problem: null });
  await keepSubmission(record);
  void goOn(record, send);
}

/** Goes on with a submission of this browser, when something of it is left. */
export async function resumeSubmission(
  submissionId: string,
  owner: string,
  send: MediaActions["sendLinks"] | undefined,
): Promise<void> {
  if (running.has(submissionId)) return;
  const record =
    sendStateOf(submissionId, owner)?.record ??
    (await findSubmission(submissionId, owner));
  if (!record || running.has(submissionId)) return;
  if (send && record.answered < record.links.length) {
    return goOn(record, send);
  }
  set({ record, isSending: false, isWaiting: false, problem: null });
}

async function goOn(
  record: OutboxRecord,
  send: MediaActions["sendLinks"],
): Promise<void> {
  const { submissionId } = record;
  if (running.has(submissionId)) return;
  running.add(submissionId);
  try {
    await sendSubmission({
      ...{ record, send },
      keep: keepSubmission,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onChange: set,
      signal: new AbortController().signal,
    });
  } finally {
    running.delete(submissionId);
  }
}

function set(state: SendState): void {
  states.set(state.record.submissionId, state);
  for (const listener of listeners) listener();
}
