import "server-only";

import type { z } from "zod";

import { parseInput } from "@/lib/domain/errors";

import { parseJsonBytes, readJsonBytes } from "./request-body";

/** Room for some hundred identifiers at their longest, every character escaped. */
const QUESTION_BYTES_MAX = 2_000_000;

/**
 * What a page asks in the body of a POST that only reads, because it is too
 * long for an address.
 *
 * @throws {AppError} `too_large`; `unsupported_media_type`; `invalid_input`
 *   when the body is no JSON or not of that shape.
 */
export async function readQuestion<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const bytes = await readJsonBytes(request, { bytesMax: QUESTION_BYTES_MAX });
  return parseInput(
    schema,
    parseJsonBytes(bytes, "The question is not JSON in UTF-8."),
  );
}
