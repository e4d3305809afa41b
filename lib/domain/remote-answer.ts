import { z } from "zod";

/**
 * What a remote ingest API, or the way to it, did with a request.
 * `no_secret`: nothing was asked, for no secret is stored that can be read.
 * `not_allowed`: the operator's outbound rules forbid it. `insecure`: no
 * certificate that can be trusted. `token`: expired or withdrawn. `odd`: no
 * answer of an ingest API, such as a redirect or a web page.
 */
export const REMOTE_OUTCOMES = [
  "accepted",
  "no_secret",
  "not_allowed",
  "unreachable",
  "insecure",
  "too_slow",
  "credentials",
  "token",
  "not_granted",
  "not_found",
  "content",
  "too_large",
  "busy",
  "server",
  "odd",
] as const;
export type RemoteOutcome = (typeof REMOTE_OUTCOMES)[number];

/** What is kept of an answer for people: never a header, never what was sent. */
export const remoteAnswerSchema = z.object({
  outcome: z.enum(REMOTE_OUTCOMES),
  /** The HTTP status, or null when none came. */
  status: z.number().int().nullable(),
  requestId: z.string().nullable(),
  /** The first messages of the answer, or the beginning of its text; at most 500 characters. */
  excerpt: z.string(),
  ms: z.number().int(),
});
export type RemoteAnswer = z.output<typeof remoteAnswerSchema>;

/** Outcomes after which the very same request may work later. */
const PASSING: ReadonlySet<RemoteOutcome> = new Set([
  "unreachable",
  "too_slow",
  "busy",
  "server",
]);

export function mayPass(outcome: RemoteOutcome): boolean {
  return PASSING.has(outcome);
}

/** What an answer means and what to do, and what the other side said. */
export function remoteSentence(
  { outcome, status, excerpt }: RemoteAnswer,
  host: string,
): string {
  const sentence = REMOTE_SENTENCES[outcome].replaceAll("{host}", host);
  if (status === null) return sentence;
  const said = excerpt === "" ? "." : `: “${excerpt}”.`;
  return `${sentence} It answered with status ${status}${said}`;
}

/** The sentences for people; `{host}` is replaced. */
const REMOTE_SENTENCES: Record<RemoteOutcome, string> = {
  accepted: "The request was accepted.",
  no_secret:
    "There is no secret for {host} that can be used: none is stored, or its key is missing. An administrator can enter it on the page of the endpoint.",
  not_allowed:
    "The outbound rules of this Studio do not allow {host}. An operator can allow it with ENDPOINT_HOSTS, OUTBOUND_ALLOW or OUTBOUND_PORTS.",
  unreachable:
    "{host} cannot be reached. Check the address; it may also be down just now.",
  insecure:
    "There is no safe connection to {host}: its certificate cannot be trusted, or it speaks no TLS at that port. Check the address, or have the certificate renewed.",
  too_slow: "{host} did not answer in time.",
  credentials:
    "{host} refuses the provider id and secret. Check both, or have a new secret made there.",
  token: "{host} does not accept the access token any more.",
  not_granted:
    "{host} does not know this source, or the provider may not write to it. Check the identifier, or have the source granted to the provider there.",
  not_found:
    "{host} finds nothing there. Check the address, which is the one before /dataProviders and /import, and the identifier of the source.",
  content: "{host} refuses the content.",
  too_large: "{host} refuses the request as too large.",
  busy: "{host} asks to send less for a while.",
  server: "{host} has a problem of its own.",
  odd: "{host} does not answer like an ingest API. Check the address: it is the one before /dataProviders and /import.",
};
