import type { JsonSchema } from "./openapi";

/** One member that a body may have, for a table. */
export type SchemaField = {
  /** Such as `entities[].properties[].id`. */
  path: string;
  /** In words, such as `text, 1 to 256 characters; null`. */
  type: string;
  isRequired: boolean;
  description: string;
};

type Schemas = Record<string, JsonSchema>;

type Found = Map<string, Omit<SchemaField, "type"> & { types: string[] }>;

const DEPTH_MAX = 12;

/** The members of a schema, from the outside in, each once. */
export function schemaFields(
  schema: JsonSchema,
  schemas: Schemas,
): SchemaField[] {
  const found: Found = new Map();
  walk(schema, schemas, "", found, 0);
  return [...found.values()].map(({ types, ...field }) => ({
    ...field,
    type: typeText(types),
  }));
}

function walk(
  schema: JsonSchema,
  schemas: Schemas,
  path: string,
  fields: Found,
  depth: number,
): void {
  if (depth > DEPTH_MAX) return;
  for (const part of variants(schema, schemas)) {
    const required = (part["required"] ?? []) as string[];
    const members = (part["properties"] ?? {}) as Schemas;
    for (const [name, member] of Object.entries(members)) {
      const place = path === "" ? name : `${path}.${name}`;
      const known = fields.get(place);
      fields.set(place, {
        path: place,
        types: [...(known?.types ?? []), ...typesIn(member, schemas)],
        isRequired: (known?.isRequired ?? true) && required.includes(name),
        description: known?.description || describe(member, schemas),
      });
      walk(member, schemas, place, fields, depth + 1);
    }
    const { items, additionalProperties } = part;
    if (isSchema(items)) walk(items, schemas, `${path}[]`, fields, depth + 1);
    if (isSchema(additionalProperties))
      walk(additionalProperties, schemas, `${path}.…`, fields, depth + 1);
  }
}

/** The schema itself, or the ones it may be instead, references followed. */
function variants(schema: JsonSchema, schemas: Schemas): JsonSchema[] {
  const found = followed(schema, schemas);
  const choice = found["anyOf"] ?? found["oneOf"] ?? typesOf(found);
  if (!Array.isArray(choice)) return [found];
  return (choice as JsonSchema[]).flatMap((one) => variants(one, schemas));
}

/** `type: ["string", "null"]` as two schemas. */
function typesOf(schema: JsonSchema): JsonSchema[] | undefined {
  const { type } = schema;
  return Array.isArray(type)
    ? type.map((one: unknown) => ({ ...schema, type: one }))
    : undefined;
}

function followed(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  return schemas[$ref.slice($ref.lastIndexOf("/") + 1)] ?? {};
}

function describe(schema: JsonSchema, schemas: Schemas): string {
  const text =
    schema["description"] ?? followed(schema, schemas)["description"];
  return typeof text === "string" ? text : "";
}

function typesIn(schema: JsonSchema, schemas: Schemas): string[] {
  return variants(schema, schemas).map(oneType);
}

/** `text; number; null`: null comes last, and true and false are one. */
function typeText(types: string[]): string {
  const all = new Set(types.filter((text) => text !== ""));
  const isBoolean = all.has("true") && all.has("false");
  const isNullable = all.delete("null");
  if (isBoolean) {
    all.delete("true");
    all.delete("false");
  }
  return [
    ...all,
    ...(isBoolean ? ["true or false"] : []),
    ...(isNullable ? ["null"] : []),
  ].join("; ");
}

const WORDS = new Map([
  ["string", "text"],
  ["integer", "whole number"],
  ["boolean", "true or false"],
  ["array", "list"],
]);

function oneType(schema: JsonSchema): string {
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"]))
    return (schema["enum"] as unknown[]).map((one) => String(one)).join(", ");
  const type = typeof schema["type"] === "string" ? schema["type"] : "";
  if (schema["format"] === "uuid") return "UUID";
  if (schema["format"] === "date-time") return "time, ISO 8601";
  const word = WORDS.get(type) ?? type;
  const range = rangeText(schema, type);
  return range ? `${word}, ${range}` : word;
}

function rangeText(schema: JsonSchema, type: string): string {
  const [minName, maxName, unit] =
    type === "array"
      ? ["minItems", "maxItems", "items"]
      : ["minLength", "maxLength", "characters"];
  const min = schema[minName ?? ""];
  const max = schema[maxName ?? ""];
  if (type !== "array" && type !== "string") return "";
  if (typeof min === "number" && typeof max === "number")
    return `${min} to ${max} ${unit}`;
  if (max === 0) return "empty";
  if (typeof max === "number") return `at most ${max} ${unit}`;
  return "";
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
