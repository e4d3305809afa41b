import { EXAMPLE_REQUEST_ID, failures, type ApiCall } from "./api-call";
import { MEDIA_CALLS } from "./api-media-calls";
import { UPLOAD_CALLS } from "./api-upload-calls";

export type { ApiAnswer, ApiCall, ApiParameter } from "./api-call";

const importId = "0c6f6f5e-7a0e-4a5f-9a39-5b1a0f6f2d10";

const TOKEN_CALL: ApiCall = {
  id: "createToken",
  group: "Token",
  method: "POST",
  path: "/dataProviders/tokens",
  title: "Get an access token",
  description:
    "Send id and secret of a data provider. Use the token for an hour, for as many calls as you like; getting one anew for every call is slower. Only wrong credentials are throttled.",
  isPublic: true,
  body: {
    schema: "TokenBody",
    example: {
      id: "5f639717-c581-4924-82e0-434b006fe149",
      secret: "sps_…",
    },
  },
  answers: [
    {
      status: 200,
      description: "A token.",
      schema: "TokenAnswer",
      example: {
        result: {
          accessToken: "sat_…",
          expiresIn: 3600,
          tokenType: "Bearer",
          refreshToken: null,
          scope: "import-datasource",
        },
        errors: [],
        requestId: EXAMPLE_REQUEST_ID,
      },
    },
    ...failures({
      400: "The body is no JSON object, is above 8 KB, or the secret stands in the address.",
      401: "Id and secret do not belong together. One answer for everything that may be wrong with them.",
      415: true,
      429: "Too many wrong credentials. Right ones are answered all the same.",
    }),
  ],
};

const IMPORT_CALL: ApiCall = {
  id: "importEntities",
  group: "Imports",
  method: "POST",
  path: "/import/{source}",
  title: "Import entities",
  description:
    "Merges entities into the entries of a source. An entry that is not there is made; properties that are not named stay; a null value clears one value; delete removes the entry. All of a request is taken or nothing. The same body sent again within 3 minutes changes nothing and gets the same id.",
  parameters: [
    {
      name: "source",
      in: "path",
      description: "Identifier of the source, in any letter case.",
      schema: { type: "string" },
    },
    {
      name: "correlationId",
      in: "query",
      description: "Stored with the import and shown in the Studio.",
      schema: { type: "string" },
    },
    {
      name: "Idempotency-Key",
      in: "header",
      description:
        "1 to 200 visible ASCII characters. A request with a key that was used is not applied again and gets the first answer.",
      schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
    },
  ],
  body: {
    schema: "ImportBody",
    example: {
      entities: [
        {
          key: "A-1",
          delete: false,
          properties: [
            { id: "name", value: "Chair", language: "en" },
            { id: "name", value: "Stol", language: "sv" },
            { id: "price", value: "129.00", language: null },
          ],
        },
        { key: "A-2", delete: true, properties: [] },
      ],
    },
  },
  answers: [
    {
      status: 202,
      description: "Taken and stored.",
      schema: "ImportAnswer",
      example: {
        id: importId,
        result: { id: importId },
        errors: [],
        requestId: EXAMPLE_REQUEST_ID,
      },
    },
    ...failures({
      400: "A rule is broken, so nothing was stored. At most 100 errors are listed.",
      401: true,
      403: true,
      409: "A request with the same Idempotency-Key is under way.",
      413: "The body has more than 30 MB.",
      415: true,
      422: true,
      429: "The server has as many imports in work as it can hold.",
    }).map((answer) =>
      answer.status === 400 ? { ...answer, example: importRefusal() } : answer,
    ),
  ],
};

/** The published one (contract 1.2), with what we add. */
function importRefusal() {
  return {
    result: null,
    errors: [
      {
        message: "Invalid request",
        details: {
          propertyName: "entities",
          message:
            "Entity keys contain restricted characters. The following ids containing restricted characters: @2",
        },
        paths: ["entities[1].key"],
      },
    ],
    requestId: EXAMPLE_REQUEST_ID,
    statusCode: 400,
  };
}

const OPERATION_CALLS: ApiCall[] = [
  {
    id: "health",
    group: "Operation",
    method: "GET",
    path: "/health",
    title: "Liveness",
    description: "Says that the process answers, and nothing more.",
    isPublic: true,
    answers: [{ status: 200, description: "It answers.", schema: "Health" }],
  },
  {
    id: "ready",
    group: "Operation",
    method: "GET",
    path: "/ready",
    title: "Readiness",
    description:
      "Whether new requests are welcome: not while the process stops, the database is away or lacks migrations.",
    isPublic: true,
    answers: [
      { status: 200, description: "They are.", schema: "Ready" },
      {
        status: 503,
        description: "They are not; reason says why.",
        schema: "NotReady",
        headers: { "Retry-After": "Whole seconds." },
      },
    ],
  },
  {
    id: "describe",
    group: "Operation",
    method: "GET",
    path: "/openapi.json",
    title: "This document",
    description: "The API as OpenAPI 3.1.",
    isPublic: true,
    answers: [
      { status: 200, description: "The document.", type: "application/json" },
    ],
  },
];

/** Every call of the ingest API, in the order people read about them. */
export const API_CALLS: ApiCall[] = [
  TOKEN_CALL,
  IMPORT_CALL,
  ...MEDIA_CALLS,
  ...UPLOAD_CALLS,
  ...OPERATION_CALLS,
];
