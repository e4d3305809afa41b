import { z } from "zod";

import {
  API_CALLS,
  type ApiAnswer,
  type ApiCall,
  type ApiParameter,
} from "./api-calls";
import { API_SCHEMAS, type ApiSchemaName } from "./api-schemas";

/** A JSON Schema as far as it is walked here. */
export type JsonSchema = { [keyword: string]: unknown };

type Member = { [name: string]: unknown };

type OpenApiContent = Record<
  string,
  { schema: JsonSchema; example?: unknown } | undefined
>;

export type OpenApiResponse = {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content?: OpenApiContent;
};

export type OpenApiOperation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  /** Empty where no token is needed. */
  security: Record<string, string[]>[];
  parameters?: ApiParameter[];
  requestBody?: { required: true; content: OpenApiContent };
  responses: Record<string, OpenApiResponse>;
};

type Method = Lowercase<ApiCall["method"]>;

export type OpenApiPath = Partial<Record<Method, OpenApiOperation>> & {
  servers?: OpenApiDocument["servers"];
};

export type OpenApiDocument = {
  openapi: "3.1.1";
  info: { title: string; version: string; description: string };
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, OpenApiPath>;
  components: {
    schemas: Record<string, JsonSchema>;
    securitySchemes: Member;
  };
};

const DESCRIPTION = `Names of members in bodies count in any letter case, and unknown members are ignored; a member twice, in one spelling or two, is refused. These schemas show one spelling. Answers are spelt as shown.

What the schemas cannot say: keys are unique in a request, an id is unique in one language of an entity, and all of a request is taken or nothing.

Bodies are UTF-8 JSON, with gzip if you like. Every answer but those of direct uploads and of files is JSON. Quote the requestId when you ask for help.`;

const TAGS = {
  Token: "A data provider's id and secret give a token for an hour.",
  Imports: "Entries of a source.",
  "Media by link": "Files that the server fetches.",
  "Direct upload": "Files that you send, in chunks, with tus 1.0.0.",
  "Media files": "Finding, showing and deleting files.",
  Operation: "For load balancers and tools.",
} as const satisfies Record<ApiCall["group"], string>;

/**
 * The ingest API as an OpenAPI 3.1 document, made from the schemas that the
 * routes parse with and answer by.
 *
 * @param servers.ingestUrl base of the API; `servers.mediaUrl` base of public
 *   files. Neither ends with a slash.
 */
export function openApiDocument(servers: {
  ingestUrl: string;
  mediaUrl: string;
}): OpenApiDocument {
  const paths: OpenApiDocument["paths"] = {};
  for (const call of API_CALLS) {
    const path = (paths[call.path] ??= {});
    path[call.method.toLowerCase() as Method] = operation(call);
    if (call.isOnMediaHost)
      path.servers = [
        { url: servers.mediaUrl, description: "Files for everybody." },
      ];
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Source Studio ingest API",
      version: "1.0.0",
      description: DESCRIPTION,
    },
    servers: [{ url: servers.ingestUrl, description: "The ingest API." }],
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "The accessToken of POST /dataProviders/tokens. It is announced for 3600 seconds and honoured for 3900.",
        },
      },
    },
  };
}

function operation(call: ApiCall): OpenApiOperation {
  return {
    operationId: call.id,
    tags: [call.group],
    summary: call.title,
    description: call.description,
    security: call.isPublic ? [] : [{ token: [] }],
    ...(call.parameters && {
      parameters: call.parameters.map((parameter) => ({
        ...parameter,
        ...(parameter.in === "path" && { required: true }),
      })),
    }),
    ...(call.body && {
      requestBody: {
        required: true,
        content: {
          [call.body.type ?? "application/json"]: content(call.body),
        },
      },
    }),
    responses: Object.fromEntries(
      call.answers.map((answer) => [String(answer.status), response(answer)]),
    ),
  };
}

function response({ description, ...answer }: ApiAnswer): OpenApiResponse {
  const { headers, schema, type } = answer;
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: "string" } },
        ]),
      ),
    }),
    ...((schema ?? type) && {
      content: { [type ?? "application/json"]: content(answer) },
    }),
  };
}

function content({
  schema,
  example,
}: {
  schema?: ApiSchemaName;
  example?: unknown;
}): { schema: JsonSchema; example?: unknown } {
  return {
    schema: schema ? { $ref: reference(schema) } : {},
    ...(example !== undefined && { example }),
  };
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Each schema once, with the others referred to by name. */
function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(API_SCHEMAS))
    registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target: "draft-2020-12",
    io: "input",
    uri: reference,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]),
  );
}

// Zod's own marks, and what a part of another document has no use for.
const MARKS = new Set(["~standard", "$schema", "$id"]);

function plain(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      MARKS.has(name) ? undefined : value,
    ),
  ) as JsonSchema;
}
