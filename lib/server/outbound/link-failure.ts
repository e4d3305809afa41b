import "server-only";

import type { LinkFailureCode } from "@/lib/domain/media";

import { OutboundRefusedError } from "./connector";

const RETRY_AFTER_MS_MAX = 5 * 60_000;

/**
 * Why a link was not fetched. Carries a code of a fixed set and at most the
 * remote status; the message has no address and nothing that the remote
 * server said. `cause` is for the log.
 */
export class LinkFailure extends Error {
  readonly code: LinkFailureCode;
  /** The HTTP status, where that is the failure. */
  readonly status: number | undefined;
  /** How long the remote server wants to be left alone; at most five minutes. */
  readonly retryAfterMs: number | undefined;
  /** Whether the same link may work later. */
  readonly isRetryable: boolean;

  constructor(
    code: LinkFailureCode,
    more: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    const status = more.status === undefined ? "" : ` (status ${more.status})`;
    super(`The link was not fetched: ${code}${status}.`, {
      cause: more.cause,
    });
    this.name = "LinkFailure";
    this.code = code;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
    this.isRetryable = mayWorkLater(code, more.status);
  }
}

/**
 * Names what a connection or an answer failed with.
 *
 * @param phase before the answer began a broken connection means
 *   `unreachable`, after that `cut_off`.
 */
export function toLinkFailure(
  error: unknown,
  phase: "answer" | "body",
): LinkFailure {
  if (error instanceof LinkFailure) return error;
  if (error instanceof OutboundRefusedError) return new LinkFailure("refused");
  if (phase === "body") return new LinkFailure("cut_off", { cause: error });
  const code = isCertificateError(error) ? "insecure" : "unreachable";
  return new LinkFailure(code, { cause: error });
}

/**
 * Reads `Retry-After`, in seconds or as an HTTP date, as milliseconds from
 * now; undefined when it is missing, not readable or not in the future.
 */
export function readRetryAfter(
  value: string | string[] | undefined,
  now: number,
): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : / GMT$/.test(text)
      ? Date.parse(text) - now
      : NaN;
  return ms > 0 ? Math.min(ms, RETRY_AFTER_MS_MAX) : undefined;
}

function mayWorkLater(code: LinkFailureCode, status = 0): boolean {
  if (code === "remote_status")
    return status === 408 || status === 429 || status >= 500;
  return code === "unreachable" || code === "cut_off" || code === "too_slow";
}

const CERTIFICATE_ERRORS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|EPROTO$)|SELF_SIGNED_CERT|INVALID_CA/;

function isCertificateError(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && CERTIFICATE_ERRORS.test(error.code);
}
