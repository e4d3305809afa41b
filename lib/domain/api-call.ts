import type { ApiSchemaName } from "./api-schemas";

/** One answer of a call. Without `schema` and `type` it has no body. */
export type ApiAnswer = {
  status: number;
  description: string;
  schema?: ApiSchemaName;
  /** Media type; JSON when a schema is given. */
  type?: string;
  /** Name of each header, and what it says. */
  headers?: Record<string, string>;
  example?: unknown;
};

export type ApiParameter = {
  name: string;
  in: "path" | "query" | "header";
  description: string;
  required?: boolean;
  schema: { type: "string" | "integer"; [keyword: string]: unknown };
};

/** A call of the ingest API, described for people and programs. */
export type ApiCall = {
  id: string;
  group:
    | "Token"
    | "Imports"
    | "Media by link"
    | "Direct upload"
    | "Media files"
    | "Operation";
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  path: string;
  title: string;
  description: string;
  /** Needs no token. */
  isPublic?: boolean;
  /** Answered at the address of files, not of the API. */
  isOnMediaHost?: boolean;
  parameters?: ApiParameter[];
  body?: { schema?: ApiSchemaName; type?: string; example?: unknown };
  answers: ApiAnswer[];
};

const REASONS = {
  400: "The request breaks a rule; errors says which, where, and what to send.",
  401: "The token is missing, not valid or has ended. Get a new one.",
  403: "The provider may not import into this source, or there is no such source: one answer for both.",
  404: "There is no such file or upload.",
  405: "Another method was used. Allow lists those there are.",
  409: "Something is in the way: it exists already, or changes just now.",
  412: "Tus-Resumable is missing or names another version than 1.0.0.",
  413: "Too large.",
  415: "The content type or encoding is not one that is taken.",
  422: "The Idempotency-Key was used with another body.",
  429: "Too much at once. Wait as many seconds as Retry-After says.",
  500: "Something went wrong on our side.",
  503: "The database or the file store is away. Nothing was stored; try again.",
} as const;

export const EXAMPLE_REQUEST_ID = "254db272f8af8cfe0e01051951cb1550";

const noTokenExample = {
  result: null,
  errors: [
    {
      message:
        "The access token is missing, not valid or has ended. Get a new one from POST /dataProviders/tokens and send it as Authorization: Bearer.",
    },
  ],
  requestId: EXAMPLE_REQUEST_ID,
  statusCode: 401,
};

type FailureStatus = keyof typeof REASONS;

const HEADERS: Partial<Record<FailureStatus, Record<string, string>>> = {
  401: { "WWW-Authenticate": "Bearer" },
  405: { Allow: "The methods." },
  429: { "Retry-After": "Whole seconds." },
  503: { "Retry-After": "Whole seconds." },
};

/** The refusals of a call: those every call has, and these. A text replaces the common one. */
export function failures(
  own: Partial<Record<FailureStatus, string | true>>,
): ApiAnswer[] {
  const all = { 405: true, 500: true, 503: true, ...own } as const;
  return Object.entries(all).map(([name, text]): ApiAnswer => {
    const status = Number(name) as FailureStatus;
    const headers = HEADERS[status];
    return {
      status,
      description: typeof text === "string" ? text : REASONS[status],
      schema: "Failure",
      ...(headers && { headers }),
      ...(status === 401 && text === true && { example: noTokenExample }),
    };
  });
}
