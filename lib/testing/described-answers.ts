import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";

import { API_CALLS, type ApiCall } from "@/lib/domain/api-calls";
import { openApiDocument } from "@/lib/domain/openapi";

import type { WireMount } from "./wire-mounts";

const DOCUMENT = "https://described.test/openapi.json";

export type DescribedAnswers = {
  /** The mount with every answer held against the document; throws on one that is not described. */
  mount: WireMount;
  /** `GET /media/files/{fileId} 200`, for every answer there has been. */
  seen: Set<string>;
};

/** Compares whatever a mount answers with the OpenAPI document: status, headers, body. */
export function describedMount(mount: WireMount): DescribedAnswers {
  const seen = new Set<string>();
  return {
    seen,
    mount: {
      ...mount,
      async fetch(path, init) {
        const response = await mount.fetch(path, init);
        const method = init?.method ?? "GET";
        const call = findCall(method, path.split("?")[0] ?? "");
        if (call) {
          await compare(call, response.clone());
          seen.add(`${call.method} ${call.path} ${response.status}`);
        } else await compareMethodRefusal(path, response.clone());
        return response;
      },
    },
  };
}

function findCall(method: string, path: string): ApiCall | undefined {
  const matching = API_CALLS.filter((call) => {
    const pattern = call.path
      .replace(/[.]/g, "\\.")
      .replace(/\{\w+\}/g, "[^/]+");
    return call.method === method && new RegExp(`^${pattern}$`).test(path);
  });
  // A path that is written out wins over one with a parameter.
  return matching.sort((a, b) => parameters(a) - parameters(b))[0];
}

const parameters = ({ path }: ApiCall) => path.split("{").length;

async function compare(call: ApiCall, response: Response): Promise<void> {
  const place = `${call.method} ${call.path} ${response.status}`;
  const answer = call.answers.find(({ status }) => status === response.status);
  // Whoever calls a route as a function gets what a server would leave out.
  const text = call.method === "HEAD" ? "" : await response.text();
  if (!answer) throw new Error(`${place} is not described: ${text}`);
  for (const name of Object.keys(answer.headers ?? {})) {
    const isOptional = name === "Upload-Expires";
    if (!response.headers.has(name) && !isOptional)
      throw new Error(`${place} has no ${name}.`);
  }
  if (!answer.schema) {
    if (!answer.type && text !== "")
      throw new Error(`${place} should have no body: ${text.slice(0, 200)}`);
    return;
  }
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json"))
    throw new Error(`${place} is ${type}, not JSON.`);
  const validate = validatorOf(answer.schema);
  if (validate(JSON.parse(text))) return;
  throw new Error(
    `${place} is not as described: ${JSON.stringify(validate.errors)} in ${text.slice(0, 2_000)}`,
  );
}

/** Every call lists its 405; the method of one that is answered so has no call. */
async function compareMethodRefusal(
  path: string,
  response: Response,
): Promise<void> {
  const text = await response.text();
  const isRefusal = response.status === 405 && response.headers.has("allow");
  if (!isRefusal || !validatorOf("Failure")(JSON.parse(text)))
    throw new Error(`${path} ${response.status} is not described: ${text}`);
}

const validators = new Map<string, ValidateFunction>();
let ajv: Ajv | undefined;

/** Stricter than the document: an answer may have no member that is not described. */
function validatorOf(schema: string): ValidateFunction {
  if (!ajv) {
    ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const { components } = openApiDocument({ ingestUrl: "", mediaUrl: "" });
    ajv.addSchema(closed({ components }) as object, DOCUMENT);
  }
  const known =
    validators.get(schema) ??
    ajv.compile({ $ref: `${DOCUMENT}#/components/schemas/${schema}` });
  validators.set(schema, known);
  return known;
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema).map(([name, one]) => [
    name,
    closed(one),
  ]);
  const isObject = "properties" in schema && "type" in schema;
  return {
    ...(Object.fromEntries(members) as object),
    ...(isObject && { additionalProperties: false }),
  };
}
