import { expect, test } from "vitest";

import { openApiDocument } from "./openapi";
import { schemaFields } from "./schema-fields";

const { schemas } = openApiDocument({
  ingestUrl: "https://ingest.example.com",
  mediaUrl: "https://media.example.com",
}).components;

const fieldsOf = (name: string) =>
  new Map(
    schemaFields({ $ref: `#/components/schemas/${name}` }, schemas).map(
      ({ path, type, isRequired }) => [path, { type, isRequired }],
    ),
  );

test("lists the members of an import, both kinds of entity together", () => {
  expect([...fieldsOf("ImportBody").entries()]).toEqual([
    ["entities", { type: "list", isRequired: true }],
    ["entities[].key", { type: "text, 1 to 256 characters", isRequired: true }],
    ["entities[].delete", { type: "true or false; null", isRequired: false }],
    ["entities[].properties", { type: "list; null", isRequired: false }],
    [
      "entities[].properties[].id",
      { type: "text, 1 to 256 characters", isRequired: true },
    ],
    [
      "entities[].properties[].value",
      { type: "text; number; true or false; null", isRequired: true },
    ],
    [
      "entities[].properties[].language",
      { type: 'text, 2 to 10 characters; ""; null', isRequired: false },
    ],
  ]);
});

test("follows dictionaries and objects that may be null", () => {
  const fields = fieldsOf("FilesAnswer");
  expect(fields.get("result.succeeded.….id")?.type).toBe("UUID");
  expect(
    fields.get("result.succeeded.….metadata.mediaInfo.image.width")?.type,
  ).toBe("whole number");
  expect(fields.get("result.succeeded.….state")?.type).toContain("Completed");
});
