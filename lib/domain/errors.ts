import type { z } from "zod";

/**
 * Every failure we can name: its HTTP status, whether sending the same request
 * again may work, and whether it is a fault of what was sent, so that a part of
 * it may go through alone.
 */
export const ERROR_CODES = {
  invalid_input: { status: 400, retryable: false, isOfContent: true },
  unauthenticated: { status: 401, retryable: false, isOfContent: false },
  forbidden: { status: 403, retryable: false, isOfContent: false },
  not_found: { status: 404, retryable: false, isOfContent: false },
  conflict: { status: 409, retryable: false, isOfContent: false },
  precondition_failed: { status: 412, retryable: false, isOfContent: false },
  too_large: { status: 413, retryable: false, isOfContent: true },
  unsupported_media_type: { status: 415, retryable: false, isOfContent: false },
  unprocessable: { status: 422, retryable: false, isOfContent: true },
  rate_limited: { status: 429, retryable: true, isOfContent: false },
  internal: { status: 500, retryable: true, isOfContent: false },
  unavailable: { status: 503, retryable: true, isOfContent: false },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Path of a field, joined with dots, to what is wrong with it. */
export type FieldProblems = Record<string, string>;

export type Failure = {
  code: ErrorCode;
  message: string;
  fields?: FieldProblems | undefined;
  /** Whole seconds after which a retry may work. */
  retryAfterSeconds?: number | undefined;
};

/** A failure that was expected. Its message is written for the person or program that reads it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldProblems | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: {
      fields?: FieldProblems;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/**
 * The only place where a thrown value becomes something a caller may see.
 * Anything but an `AppError` loses its message: it may quote SQL or a secret.
 */
export function toFailure(error: unknown): Failure {
  const known = findAppError(error);
  if (!known) {
    return {
      code: "internal",
      message:
        "Something went wrong on our side. Try again; if it stays, tell the administrator the time.",
    };
  }
  const { code, message, fields, retryAfterSeconds } = known;
  return { code, message, fields, retryAfterSeconds };
}

/** The named failure itself, or the one that a library wrapped in an error of its own. */
export function findAppError(error: unknown): AppError | undefined {
  let found = error;
  for (let depth = 0; depth < 5 && found instanceof Error; depth += 1) {
    if (found instanceof AppError) return found;
    found = found.cause;
  }
  return undefined;
}

/**
 * Parses what came from outside. Use `schema.parse` for our own data: there a
 * mismatch is our bug, and must not be reported as the caller's.
 *
 * @throws {AppError} `invalid_input`, with the first problem of each field.
 */
export function parseInput<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;

  const fields = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    const name = path.join(".");
    if (!fields.has(name)) fields.set(name, message);
  }
  throw new AppError("invalid_input", "Some values are not valid.", {
    fields: Object.fromEntries(fields),
  });
}
