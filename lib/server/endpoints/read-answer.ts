import "server-only";

import type { RemoteAnswer, RemoteOutcome } from "@/lib/domain/remote-answer";
import type { LinkFailureCode } from "@/lib/domain/media";
import type { EndpointAnswer } from "@/lib/server/outbound/call-endpoint";
import { LinkFailure } from "@/lib/server/outbound/link-failure";

import { hideKnown } from "./hide-known";

const EXCERPT_CHARS_MAX = 500;
/** Of what an excerpt is made. */
const READ_CHARS_MAX = 20_000;
const ANY_WORD = /[\p{L}\p{N}]/u;
const REQUEST_ID = /^[\w.:-]{1,100}$/;

const OF_FAILURE = new Map<LinkFailureCode, RemoteOutcome>([
  ["refused", "not_allowed"],
  ["insecure", "insecure"],
  ["too_slow", "too_slow"],
]);

/**
 * What an import was answered with. Bodies are not trusted: the status decides,
 * and nothing of `known`, the secret and the tokens, is repeated from them.
 */
export function readImportAnswer(
  answer: EndpointAnswer,
  known: readonly string[],
): RemoteAnswer {
  return toAnswer(answer, outcomeOf(answer), known);
}

/** What the request for a token was answered with, and the token. Nothing is repeated of an answer that may hold one. */
export function readTokenAnswer(
  answer: EndpointAnswer,
  secret: string,
): { answer: RemoteAnswer; token?: { text: string; seconds: number } } {
  const status = outcomeOf(answer);
  const isRefused = [400, 401, 403].includes(answer.status);
  const token = status === "accepted" ? tokenOf(answer.text) : undefined;
  const outcome: RemoteOutcome = isRefused
    ? "credentials"
    : status === "accepted" && !token
      ? "odd"
      : status;
  const known = token ? [secret, token.text] : [secret];
  const told = toAnswer(answer, outcome, known);
  // Also one of a form that nobody reads may stand in there.
  const mayHoldToken = answer.status >= 200 && answer.status < 300;
  const safe = mayHoldToken ? { ...told, excerpt: "" } : told;
  return token ? { answer: safe, token } : { answer: safe };
}

/** A request that got no answer. */
export function readNoAnswer(error: unknown, ms: number): RemoteAnswer {
  if (!(error instanceof LinkFailure)) throw error;
  const outcome = OF_FAILURE.get(error.code) ?? "unreachable";
  return { outcome, status: null, requestId: null, excerpt: "", ms };
}

function outcomeOf(answer: EndpointAnswer): RemoteOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return isWebPage(answer) ? "odd" : "accepted";
  }
  if (status === 401) return "token";
  if (status === 403) return "not_granted";
  if (status === 404) return "not_found";
  if (status === 413) return "too_large";
  if (status === 408 || status === 504) return "too_slow";
  if (status === 429) return "busy";
  if (status === 400 || status === 422) return "content";
  return status >= 500 ? "server" : "odd";
}

/** Such as one to sign in on, whatever it is called. */
function isWebPage({ contentType, text }: EndpointAnswer): boolean {
  const start = text.slice(0, 1_000).trimStart();
  return /html/i.test(contentType) || /^<(!doctype\s+html|html)\b/i.test(start);
}

function toAnswer(
  { status, text, ms }: EndpointAnswer,
  outcome: RemoteOutcome,
  known: readonly string[],
): RemoteAnswer {
  const body = parseObject(text);
  const id = body?.["requestId"];
  const isId = typeof id === "string" && REQUEST_ID.test(id);
  const requestId = isId && hideKnown(id, known) === id ? id : null;
  const excerpt = excerptOf(text, body, known);
  return { outcome, status, requestId, excerpt, ms };
}

/** The messages of the envelope or of a problem body; for other answers, a gateway's page say, its words. */
function excerptOf(
  text: string,
  body: Record<string, unknown> | undefined,
  known: readonly string[],
): string {
  const errors = Array.isArray(body?.["errors"]) ? body["errors"] : [];
  const messages = errors.slice(0, 5).flatMap((error: unknown) => {
    const { message, details } = (error ?? {}) as Record<string, unknown>;
    const more = (details as { message?: unknown } | undefined)?.message;
    return [message, more].filter((each) => typeof each === "string");
  });
  if (messages.length === 0) {
    // A problem body (RFC 9457).
    const { title, detail } = body ?? {};
    messages.push(
      ...[title, detail].filter((each) => typeof each === "string"),
    );
  }
  const isEnvelope = messages.length > 0;
  const told = isEnvelope ? messages.join(": ") : text;
  // Hidden before anything is cut or taken out: the rest of one is no match.
  const clean = hideKnown(told.slice(0, 2 * READ_CHARS_MAX), known);
  const start = clean.slice(0, READ_CHARS_MAX);
  const words = isEnvelope
    ? start
    : start
        .replace(/<(script|style)[^<]*<\/\1>/gi, " ")
        .replace(/<[^<>]*>/g, " ");
  const excerpt = words
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, EXCERPT_CHARS_MAX)
    .toWellFormed();
  // Brackets of an empty answer tell nobody anything.
  return ANY_WORD.test(excerpt) ? excerpt : "";
}

function tokenOf(text: string): { text: string; seconds: number } | undefined {
  const result = parseObject(text)?.["result"] as
    { accessToken?: unknown; expiresIn?: unknown } | null | undefined;
  const token = result?.accessToken;
  // What a header can hold; anything else would end in an error of its own.
  if (typeof token !== "string" || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    return undefined;
  }
  const told = Number(result?.expiresIn);
  const seconds = Number.isFinite(told) && told > 0 ? told : 3_600;
  return { text: token, seconds };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // A gateway's page.
  }
}
