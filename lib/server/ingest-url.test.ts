import { describe, expect, test } from "vitest";

import { ingestUrl } from "./ingest-url";

const at = (host: string) => ingestUrl(new Headers({ host }));

describe("ingestUrl", () => {
  test("is the ingest port on the host of the request", () => {
    expect(at("studio.local:3000")).toBe("http://studio.local:3001");
    expect(at("192.168.1.7")).toBe("http://192.168.1.7:3001");
    expect(at("[::1]:3000")).toBe("http://[::1]:3001");
  });

  test("takes nothing from a Host header but the name", () => {
    expect(at("a.b'; rm -rf /")).toBe("http://a.b:3001");
    expect(at("'$(x)")).toBe("http://localhost:3001");
    expect(ingestUrl(new Headers())).toBe("http://localhost:3001");
  });
});
