import "server-only";

import { createHash, randomInt, timingSafeEqual } from "node:crypto";

import { AppError } from "@/lib/domain/errors";

import { env } from "./env";

/** Set by the Studio's own process on requests from this very machine. */
export const LOCAL_REQUEST_HEADER = "x-studio-setup-code";

// Without what looks alike: 0 and O, 1, I and L.
const SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const SIGNS_MAX = 20;

/** A code such as `7KQ2M-…`: four groups of five signs, 99 bits. */
export function makeSetupCode(): string {
  const signs = Array.from({ length: SIGNS_MAX }, () =>
    SIGNS.charAt(randomInt(SIGNS.length)),
  );
  return signs.join("").replace(/.{5}(?=.)/g, "$&-");
}

/** Whether the browser runs on this very machine, so that it needs no code. */
export function isLocalRequest(headers: Headers): boolean {
  return isSetupCode(headers.get(LOCAL_REQUEST_HEADER) ?? "");
}

/**
 * Lets through who may create the first account: a browser on this machine, or
 * somebody who was given the code that the start printed. In any case and with
 * any blanks and hyphens.
 *
 * @throws {AppError} `forbidden`
 */
export function requireSetupCode(headers: Headers, typed: string): void {
  if (isLocalRequest(headers) || isSetupCode(typed)) return;
  const message =
    typed.trim() === ""
      ? "Type the setup code. The Studio printed it where it was started."
      : "This is not the setup code. It stands in the last lines that the Studio printed when it was started.";
  throw new AppError("forbidden", message, { fields: { setupCode: message } });
}

function isSetupCode(text: string): boolean {
  const expected = env().SETUP_CODE;
  return (
    expected !== undefined && timingSafeEqual(digest(text), digest(expected))
  );
}

function digest(code: string): Buffer {
  return createHash("sha256").update(plain(code)).digest();
}

function plain(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]/g, "");
}
