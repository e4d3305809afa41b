import { describe, expect, test } from "vitest";

import { parseEndpointHosts } from "./endpoint-hosts";

const allows = (list: string, url: string) =>
  parseEndpointHosts(list).allows(new URL(url));

describe("hosts of endpoints", () => {
  test.each([
    ["", "https://anywhere.example.net"],
    ["ingest.example.com", "https://ingest.example.com/base"],
    ["ingest.example.com", "https://INGEST.example.com.:8443"],
    ["*.example.com, 10.1.0.0/16", "https://a.b.example.com"],
    ["*.example.com, 10.1.0.0/16", "http://10.1.2.3:9000"],
    ["2001:db8::/32", "http://[2001:db8::7]"],
  ])("named by “%s” take %s", (list, url) => {
    expect(allows(list, url)).toBe(true);
  });

  test.each([
    ["ingest.example.com", "https://example.com"],
    ["ingest.example.com", "https://ingest.example.com.evil.net"],
    ["ingest.example.com", "https://evil-ingest.example.com"],
    ["*.example.com", "https://example.com"],
    ["10.1.0.0/16", "http://10.2.0.1"],
    ["ingest.example.com", "http://10.1.2.3"],
    [",", "https://ingest.example.com"],
  ])("named by “%s” refuse %s", (list, url) => {
    expect(allows(list, url)).toBe(false);
  });

  test("that cannot be read are named", () => {
    expect(() => parseEndpointHosts("a b")).toThrow(/"a b" is no network/);
  });
});
