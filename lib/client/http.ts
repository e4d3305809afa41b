import { z } from "zod";

import { AppError, ERROR_CODES, type ErrorCode } from "@/lib/domain/errors";

const failureSchema = z.object({
  error: z.object({
    code: z
      .string()
      .refine((code): code is ErrorCode => Object.hasOwn(ERROR_CODES, code)),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    retryAfterSeconds: z.number().optional(),
  }),
});

/**
 * Reads one of the Studio's own JSON addresses.
 *
 * @throws {AppError} what the server answered; `unavailable` when it could not
 *   be reached or answered something else. An abort is thrown as it is.
 */
export async function getJson<S extends z.ZodType>(
  path: string,
  schema: S,
  signal?: AbortSignal,
): Promise<z.output<S>> {
  return readAnswer(await reach(path, {}, signal), schema);
}

/** The same for a question that is too long for an address: it changes nothing. */
export async function postJson<S extends z.ZodType>(
  path: string,
  question: unknown,
  schema: S,
  signal?: AbortSignal,
): Promise<z.output<S>> {
  const init = { method: "POST", body: JSON.stringify(question) };
  return readAnswer(await reach(path, init, signal), schema);
}

async function readAnswer<S extends z.ZodType>(
  response: Response,
  schema: S,
): Promise<z.output<S>> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw asAppError(response, body);
  return schema.parse(body);
}

async function reach(
  path: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(path, {
      ...init,
      headers: {
        accept: "application/json",
        ...(init.body ? { "content-type": "application/json" } : {}),
      },
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AppError(
      "unavailable",
      "The server could not be reached. Check the connection, then try again.",
      { cause: error },
    );
  }
}

/** What a refused reply says, as an error to throw. */
export function asAppError(response: Response, body: unknown): AppError {
  const parsed = failureSchema.safeParse(body);
  if (!parsed.success) {
    return new AppError(
      "unavailable",
      `The server answered with status ${response.status}. Try again in a moment.`,
    );
  }
  const { code, message, fields, retryAfterSeconds } = parsed.data.error;
  return new AppError(code, message, {
    ...(fields && { fields }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
