import "server-only";

import { hash, verify } from "@node-rs/argon2";

import { AppError } from "@/lib/domain/errors";
import { passwordWeakness } from "@/lib/domain/password";

/** OWASP's floor for argon2id (security.md 2.2); the hash carries its parameters. */
const PARAMETERS = {
  // Argon2id; the library's enum cannot be read across separately compiled files.
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};
const CURRENT_PREFIX = "$argon2id$v=19$m=19456,t=2,p=1$";

const AT_ONCE_MAX = 4;
const WAITING_MAX = 64;

let running = 0;
const waiting: (() => void)[] = [];
let dummy: Promise<string> | undefined;

/**
 * Refuses a password that others try first, the e-mail address too. `field` is
 * where the form shows it.
 *
 * @throws {AppError} `invalid_input`
 */
export function requireStrong(
  password: string,
  email: string | undefined,
  field: "password" | "next" = "password",
): void {
  const message = passwordWeakness(password, email);
  if (message)
    throw new AppError("invalid_input", message, {
      fields: { [field]: message },
    });
}

/**
 * An argon2id hash with its parameters and salt in it. At most four are made or
 * checked at once in a process.
 *
 * @throws {AppError} `rate_limited` when too many others wait.
 */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/**
 * Whether the password belongs to the hash. Without a hash it takes as long
 * and answers no, so that the time does not tell which accounts exist.
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  const against = stored ?? (await dummyHash());
  const isRight = await inTurn(() =>
    verify(against, password).catch(() => false),
  );
  return isRight && stored !== undefined;
}

function dummyHash(): Promise<string> {
  dummy ??= hashPassword("nobody's password").catch((error: unknown) => {
    // Refused for want of room: the next one tries again.
    dummy = undefined;
    throw error;
  });
  return dummy;
}

/** Whether the hash was made with weaker parameters than today's. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(CURRENT_PREFIX);
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) {
      throw new AppError(
        "rate_limited",
        "Too many people are signing in just now. Try again in a few seconds.",
        { retryAfterSeconds: 5 },
      );
    }
    // Whoever finishes hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
