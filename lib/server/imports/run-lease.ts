import "server-only";

import type { RunState } from "./store";

/** How long a tab holds a run after its last sign of life. */
export const LEASE_SECONDS = 30;

export const NO_RUN_SENTENCE =
  "There is no such import run. It may have been deleted with its source.";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be a run's id; anything else would be an error of the database. */
export function isRunId(text: string): boolean {
  return UUID.test(text);
}

/** A lease is written again only when less than this is left of it. */
const RENEW_BELOW_MS = 20_000;

/** Whether a live lease belongs to another tab than `tabId`. */
export function isHeldByAnother(state: RunState, tabId: string): boolean {
  return state.leaseUntil !== null && state.leaseOwner !== tabId;
}

/** Whether `tabId` should write its lease now: it has none, or not much is left. */
export function needsRenewal(state: RunState, tabId: string): boolean {
  if (state.status !== "running") return false;
  return (
    state.leaseUntil === null ||
    state.leaseOwner !== tabId ||
    state.leaseUntil.getTime() - Date.now() < RENEW_BELOW_MS
  );
}

/** Who holds the run and until when, and what to do about it. */
export function heldSentence(state: RunState): string {
  const who = state.leaseActorName || "Somebody";
  const until = state.leaseUntil?.toISOString().slice(11, 19) ?? "";
  return `${who} sends this run from another browser tab (its hold lasts until ${until} UTC and is renewed while it sends). Watch it here, or take it over.`;
}

export function endedSentence(status: "finished" | "cancelled"): string {
  return status === "finished"
    ? "This run is finished: all its batches are applied. Start a new import to send more."
    : "This run was cancelled, so nothing more is applied. Start a new import of the file.";
}
