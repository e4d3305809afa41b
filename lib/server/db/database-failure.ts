import "server-only";

import { AppError } from "@/lib/domain/errors";

// Connection failures and server shutdowns: nothing was acknowledged, a retry may work.
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
]);
const AWAY_STATES = /^(08|57P0|53)/;

/** 22021: NUL in a text. 22P05, and 22P02 that speaks of surrogates: an escape in JSON. */
function isUnstorable(code: string, error: unknown): boolean {
  const { detail } = error as { detail?: unknown };
  return (
    code === "22021" ||
    code === "22P05" ||
    (code === "22P02" && typeof detail === "string" && /surrogate/.test(detail))
  );
}

/** The SQL state or system code, also of an error that the query builder wrapped; `""` without one. */
export function stateOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "" : stateOf(cause);
}

/**
 * Rethrows what the driver threw; a database that is away becomes a failure that
 * callers may retry (security.md R13), and a character that no text of it can
 * hold, or an entry above its limits, one that names it.
 *
 * @throws {AppError} `unavailable`, `invalid_input`, `too_large`
 */
export function rethrowDatabaseFailure(error: unknown): never {
  const code = stateOf(error);
  if (isUnstorable(code, error)) {
    throw new AppError(
      "invalid_input",
      "A text holds a character that cannot be stored: NUL, or half of a surrogate pair. Remove it, then send it again.",
      { cause: error },
    );
  }
  // 54000: a merged entry above what one value may hold, or a name above what an index takes.
  if (code === "54000") {
    throw new AppError(
      "too_large",
      "An entry would hold more than the database keeps in one place (256 MB in all). Send fewer or shorter texts for it.",
      { cause: error },
    );
  }
  const isAway =
    AWAY_CODES.has(code) ||
    AWAY_STATES.test(code) ||
    (error instanceof Error &&
      /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
        error.message,
      ));
  if (!isAway) throw error;
  throw new AppError(
    "unavailable",
    code === "53100"
      ? "The server's disk is full, so nothing was stored. Free some space, then send it again."
      : "The database is not reachable just now, so nothing was stored. Try again in a moment.",
    { retryAfterSeconds: 5, cause: error },
  );
}
