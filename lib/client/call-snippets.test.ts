import { runInNewContext } from "node:vm";

import { describe, expect, test } from "vitest";

import { openApiDocument } from "@/lib/domain/openapi";

import { callSnippets } from "./call-snippets";

const document = openApiDocument({
  ingestUrl: "https://ingest.example.com",
  mediaUrl: "https://media.example.com",
});
const calls = Object.entries(document.paths).flatMap(([path, item]) => {
  const { servers, ...operations } = item;
  const baseUrl = servers?.[0]?.url ?? "https://ingest.example.com";
  return Object.entries(operations).map(([method, operation]) => ({
    ...{ operation, path, baseUrl, method: method.toUpperCase() },
  }));
});

describe.each(calls)("the examples of $method $path", (call) => {
  const snippets = new Map(
    callSnippets(call).map(({ label, code }) => [label, code]),
  );

  test("have no gap", () => {
    for (const code of snippets.values()) {
      expect(code).toContain(call.baseUrl);
      expect(code).not.toMatch(/undefined|\[object|\{\w+Id\}|\{source\}/);
    }
  });

  test("send in JavaScript what the document shows", async () => {
    const code = snippets.get("JavaScript");
    if (code === undefined) return;
    const sent: { url: string; init: RequestInit }[] = [];
    const fetch = (url: string, init: RequestInit) => {
      sent.push({ url, init });
      return Promise.resolve(new Response("{}"));
    };
    await runInNewContext(`(async () => { ${code} })()`, {
      ...{ fetch, token: "sat_x", console: { log: () => undefined } },
    });
    const [{ url, init } = { url: "", init: {} }] = sent;
    expect(url.startsWith(call.baseUrl)).toBe(true);
    expect(init.method).toBe(call.method);
    const authorization = new Headers(init.headers).get("authorization");
    const needsToken = call.operation.security.length > 0;
    expect(authorization).toBe(needsToken ? "Bearer sat_x" : null);
    const example =
      call.operation.requestBody?.content["application/json"]?.example;
    expect(init.body && JSON.parse(init.body as string)).toEqual(example);
  });
});
