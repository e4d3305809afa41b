import "server-only";

import pino from "pino";

import { ERROR_CODES, findAppError } from "@/lib/domain/errors";

import { env } from "./env";

const SECRET_NAMES = [
  "authorization",
  "cookie",
  "password",
  "passwordHash",
  "secret",
  "clientSecret",
  "token",
  "accessToken",
  "hash",
];

// Passwords in addresses, bearer tokens, and the Studio's own secrets and tokens
// (three letters, underscore, 38 letters or digits: security.md, secret format).
const SECRET_TEXTS: [RegExp, string][] = [
  [/(:\/\/[^\s:/@]*:)[^\s@]+@/g, "$1[hidden]@"],
  [/\b(bearer\s+)[^\s"',]+/gi, "$1[hidden]"],
  [/\b[A-Za-z]{3}_[A-Za-z0-9]{38,64}\b/g, "[hidden]"],
];

/**
 * The log: one JSON line an event, on standard error, so that standard output
 * stays with what a command answers. Secrets are removed by name and by shape.
 */
export const log = pino(
  {
    level: level(),
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [
        name,
        `*.${name}`,
        `*.*.${name}`,
        `headers["${name}"]`,
      ]),
      censor: "[hidden]",
    },
    serializers: { err: describeError },
    hooks: {
      logMethod(args, method) {
        const clean = args.map((arg: unknown) =>
          typeof arg === "string" ? hideSecrets(arg) : arg,
        ) as typeof args;
        method.apply(this, clean);
      },
    },
  },
  pino.destination({ fd: 2, sync: true }),
);

/**
 * Logs what went wrong: an expected failure in one short line, a bug with its
 * stack. `extra` must hold no values of entries and no secret.
 */
export function logFailure(
  error: unknown,
  extra: Record<string, unknown> = {},
): void {
  const known = findAppError(error);
  if (known && ERROR_CODES[known.code].status < 500) {
    log.info({ ...extra, code: known.code }, known.message);
    return;
  }
  log.error({ ...extra, err: error }, "failed");
}

/** The same text without anything that looks like a secret. */
export function hideSecrets(text: string): string {
  return SECRET_TEXTS.reduce(
    (clean, [pattern, replacement]) => clean.replace(pattern, replacement),
    text,
  );
}

type ErrorLine = {
  type: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: ErrorLine;
};

/**
 * What the log says of an error: name, message and stack only, for database
 * errors carry whole rows in `detail`. Without secrets and parameters.
 */
export function describeError(error: unknown, depth = 0): ErrorLine {
  if (!(error instanceof Error))
    return { type: typeof error, message: hideSecrets(String(error)) };
  const { code } = error as { code?: unknown };
  const message = withoutParameters(error.message);
  const stack = error.stack?.replace(error.message, () => message);
  return {
    type: error.name,
    ...(typeof code === "string" ? { code } : {}),
    message: hideSecrets(message),
    ...(stack ? { stack: hideSecrets(stack) } : {}),
    ...(error.cause !== undefined && depth < 3
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

/** The query builder ends its messages with what the statement was given: hashes of passwords, values of entries. */
function withoutParameters(message: string): string {
  const at = message.indexOf("\nparams: ");
  return at < 0 ? message : message.slice(0, at);
}

function level(): string {
  try {
    return env().LOG_LEVEL;
  } catch {
    // A malformed setting is reported by whoever starts the process.
    return "info";
  }
}
