import { ERROR_CODES, type Failure } from "./errors";
import type { BodyProblem } from "./wire-problems";

/** One item of `errors` (contract 1.0). `paths` is an addition of ours; clients ignore it. */
export type WireError = {
  message: string;
  details?: { propertyName: string; message: string };
  paths?: string[];
};

/** What every answer of the ingest API is wrapped in. `errors` is an array always: null makes clients throw. */
export type Envelope = {
  result: unknown;
  errors: WireError[];
  /** 32 lower-case hex digits; the same in our log. */
  requestId: string;
  /** Only in refusals: a client of media files reads it there (contract 1.10). */
  statusCode?: number;
  /** Only of an import: one client reads it at the top, another in `result` (contract 1.2). */
  id?: string;
};

/** The envelope of a success. */
export function successEnvelope(result: unknown, requestId: string): Envelope {
  return { result, errors: [], requestId };
}

/** The 202 of an import: the id at the top level and in `result`. */
export function importEnvelope(id: string, requestId: string): Envelope {
  return { id, result: { id }, errors: [], requestId };
}

/** The envelope of a refusal; with `problems`, one error each in the published wording. */
export function failureEnvelope(
  failure: Failure,
  requestId: string,
  problems: BodyProblem[] = [],
): Envelope {
  const errors =
    problems.length === 0
      ? [{ message: failure.message }]
      : problems.map(({ propertyName, message, paths }) => ({
          message: failure.message,
          details: { propertyName, message },
          ...(paths.length > 0 && { paths }),
        }));
  return {
    result: null,
    errors,
    requestId,
    statusCode: ERROR_CODES[failure.code].status,
  };
}

/** The answer of the token endpoint (contract 1.1). `expiresIn` in seconds, never null. */
export function tokenResult(accessToken: string, expiresInSeconds: number) {
  return {
    accessToken,
    expiresIn: expiresInSeconds,
    tokenType: "Bearer",
    refreshToken: null,
    scope: "import-datasource",
  };
}
