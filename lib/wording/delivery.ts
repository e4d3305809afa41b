import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { RunDelivery } from "@/lib/domain/import-run";
import type { RemoteAnswer, RemoteOutcome } from "@/lib/domain/remote-answer";
import type { RemoteBatch, RemoteReply } from "@/lib/domain/remote-batch";

/** Texts about a run into a remote source. */
export const DELIVERY_WORDS = {
  title: "Delivery",
  waiting: (batches: number, endpoint: string) =>
    `${formatCount(batches, "batch", "batches")} handed over, on the way to ${endpoint}. You can close this page: the server goes on by itself.`,
  waitingHeld: (batches: number, endpoint: string) =>
    `${formatCount(batches, "batch", "batches")} handed over for ${endpoint}. They are kept until somebody has done what is said here, or the import is cancelled.`,
  nothingYet: (endpoint: string) =>
    `Nothing has been handed over for ${endpoint} yet.`,
  done: (endpoint: string) =>
    `${endpoint} has accepted everything that was handed over.`,
  doneBut: (aside: number, endpoint: string) =>
    `Everything that was handed over has been sent to ${endpoint}. It has accepted all but ${formatCount(aside, "entry, which is", "entries, which are")} set aside.`,
  /** Before the name of an import, and after it. */
  after:
    "It begins when an earlier import into the same source is delivered or cancelled, so that newer values stay the newer ones:",
  share: "Share of the batches that is accepted",
  /** Before a time of day. */
  next: "The next try is due at",
  retry: "Waiting to try again",
  again: "Send again now",
  unsent: "The server could not be reached. Try again.",
  cancel: "Cancel the import",
  cancelTitle: "Cancel this import?",
  cancelText: (batches: number, endpoint: string) =>
    `${formatCount(batches, "batch that is", "batches that are")} not accepted yet will not be sent, and this run cannot be taken up again. What ${endpoint} has accepted stays there, and so may a request that is under way just now.`,
} as const;

/** What to say where nothing waits to be sent; never of what is not known to be so. */
export function sentSentence(
  endpoint: string,
  { batches, aside }: { batches: number; aside: number },
): string {
  if (batches === 0) return DELIVERY_WORDS.nothingYet(endpoint);
  return aside === 0
    ? DELIVERY_WORDS.done(endpoint)
    : DELIVERY_WORDS.doneBut(aside, endpoint);
}

/** Texts of the list of batches, and of the answers to one of them. */
export const REMOTE_BATCH_WORDS = {
  none: "No batch is handed over yet.",
  unread: "The list could not be read. It is asked for again.",
  table: "Batches and what was answered to them",
  batch: "Batch",
  rows: "Rows",
  entries: "Entries",
  state: "State",
  tries: "Tries",
  status: "Last status",
  requestId: "Request id",
  time: "Time",
  unknown: "–",
  noStatus: "none",
  open: (sequence: number) =>
    `Show the answers to batch ${formatNumber(sequence)}`,
  /** In a cell with the number of answers. */
  answersTitle: (sequence: number) => `Batch ${formatNumber(sequence)}`,
  answersAbout: (answers: number) =>
    answers === 0
      ? "Nothing has been answered to it yet."
      : `${formatCount(answers, "answer")}, the first one first.`,
  answersUnread: "The answers could not be read. Close this and try again.",
  reading: "Reading the answers…",
  list: "Answers",
  attempt: (attempt: number) => `Try ${formatNumber(attempt)}`,
  token: "asked for an access token",
  took: (ms: number) => `${formatNumber(ms)} ms`,
  /** Before the time of the last of them. */
  more: (more: number) =>
    `and ${formatNumber(more)} more like this, the last one`,
  request: "Request id",
} as const;

/** "entries 1 to 500 of 1,000" */
export function partText(
  { fromAt, toAt, entities }: RemoteReply,
  total: number,
): string {
  if (entities === 1) return `sent entry ${formatNumber(fromAt + 1)}`;
  const isWhole = total > 0 && entities === total;
  if (isWhole) return `sent all ${formatNumber(entities)} entries`;
  return `sent entries ${formatNumber(fromAt + 1)} to ${formatNumber(toAt + 1)}`;
}

/** In a word or three what an answer was. */
export const OUTCOME_NAMES: Record<RemoteOutcome, string> = {
  accepted: "accepted",
  no_secret: "no secret",
  not_allowed: "not allowed here",
  unreachable: "not reachable",
  insecure: "certificate not trusted",
  too_slow: "too slow",
  credentials: "credentials refused",
  token: "token refused",
  not_granted: "source not granted",
  not_found: "not found",
  content: "content refused",
  too_large: "too large",
  busy: "busy",
  server: "problem of its own",
  odd: "no ingest API",
};

/** Where a batch is: "Accepted, 3 set aside". A time of day follows `again`. */
export function batchStateText({
  state,
  aside,
  answer,
}: Pick<RemoteBatch, "state" | "aside" | "answer">): string {
  switch (state) {
    case "waiting":
      return "Waiting";
    case "sending":
      return "Sending";
    case "again":
      return "Again at";
    case "held":
      return answer ? `Waits for ${waitsFor(answer.outcome)}` : "Waits";
    case "accepted":
      return aside > 0
        ? `Accepted, ${formatNumber(aside)} set aside`
        : "Accepted";
    case "aside":
      return "Set aside";
    case "dropped":
      return "Dropped, the import was cancelled";
  }
}

/** Who has to do something before it can go on. */
function waitsFor(outcome: RemoteOutcome): string {
  if (outcome === "not_allowed") return "the operator";
  if (outcome === "not_granted" || outcome === "insecure")
    return "the other side";
  return "an administrator";
}

/** The title above `deliverySentence` where nothing is sent any more. */
export function heldTitle(outcome: RemoteOutcome): string {
  return `Sending has stopped and waits for ${waitsFor(outcome)}`;
}

/** `{host}`, `{endpoint}` and `{source}` are replaced. Place, rule, remedy. */
const SENTENCES: Record<RemoteOutcome, string> = {
  accepted: "{host} has accepted the last request.",
  no_secret:
    "The endpoint {endpoint} has no secret that can be used, and nothing is sent without one. An administrator enters it on the page of the endpoint; then press “Send again now”.",
  not_allowed:
    "The outbound rules of this Studio do not allow {host}. The operator can allow it with ENDPOINT_HOSTS, OUTBOUND_ALLOW or OUTBOUND_PORTS; then press “Send again now”.",
  unreachable:
    "{host} cannot be reached, so nothing arrives there. It is tried again by itself; if that goes on, an administrator checks the address of the endpoint {endpoint}.",
  insecure:
    "There is no safe connection to {host}, so nothing is sent there: its certificate cannot be trusted, or it speaks no TLS at that port. Have the certificate renewed by those who run it, or the address of the endpoint {endpoint} corrected by an administrator; then press “Send again now”.",
  too_slow:
    "{host} did not answer in time. It is tried again by itself; what it may have taken already is only taken once.",
  credentials:
    "{host} refuses the provider id or the secret of the endpoint {endpoint}. An administrator enters the right ones on the page of the endpoint; then press “Send again now”.",
  token:
    "{host} refuses an access token that it has just given out. An administrator checks the provider of the endpoint {endpoint} with those who run it; then press “Send again now”.",
  not_granted:
    "{host} does not know the source {source}, or the provider of the endpoint {endpoint} may not write to it. Have the source granted to the provider there; then press “Send again now”.",
  not_found:
    "{host} finds nothing there: no ingest API at the address of the endpoint {endpoint}, or no source {source}. An administrator checks both; then press “Send again now”.",
  content:
    "{host} refuses some of the entries for what they hold. They are set aside one by one, and all others go through.",
  too_large:
    "{host} refuses a request as too large. It is sent again in smaller parts; an entry that is too large alone is set aside.",
  busy: "{host} asks to send less for a while. It is tried again by itself, as late as it wants.",
  server:
    "{host} has a problem of its own. It is tried again by itself; if that goes on, ask those who run it.",
  odd: "{host} does not answer like an ingest API. An administrator checks the address of the endpoint {endpoint}: it is the one before /dataProviders and /import. Then press “Send again now”.",
};

/** Who waits for what and what to do, with what the other side said. */
export function deliverySentence(
  { outcome, status, excerpt }: RemoteAnswer,
  { host, endpointName }: Pick<RunDelivery, "host" | "endpointName">,
  sourceIdentifier: string,
): string {
  const names = new Map<string, string>([
    ["host", host],
    ["endpoint", `“${endpointName}”`],
    ["source", `“${sourceIdentifier}”`],
  ]);
  const sentence = SENTENCES[outcome].replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => names.get(name) ?? "",
  );
  const told = status === null ? "" : ` It answered with status ${status}`;
  if (told === "") return sentence;
  return `${sentence}${told}${excerpt === "" ? "." : ` and says: “${excerpt}”.`}`;
}
