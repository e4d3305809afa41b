import { describe, expect, it } from "vitest";

import {
  createOutboundRules,
  isPublicAddress,
  parseAddressList,
  parsePortList,
} from "./address-rules";

function rulesOf({ allow = "", deny = "", ports = "80,443" } = {}) {
  return createOutboundRules({
    allow: parseAddressList(allow),
    deny: parseAddressList(deny),
    ports: parsePortList(ports),
  });
}

describe("isPublicAddress", () => {
  it.each([
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2001:200::1",
    "2003::1",
    "2a00:1450::1",
    "3ffe::1",
  ])("says yes to %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ["0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255"],
    ["100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255"],
    ["169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.192"],
    ["192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1"],
    ["192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255"],
    ["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"],
    ["240.0.0.1", "255.255.255.255", "168.63.129.16", "100.100.100.200"],
    ["::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:1.1.1.1"],
    ["::ffff:0:1.1.1.1", "64:ff9b::101:101", "64:ff9b:1::1", "100::1"],
    ["100:0:0:1::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1"],
    ["2001:db8::1", "2002:a9fe:a9fe::1", "2620:4f:8000::1", "3fff::1"],
    ["4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"],
    ["fec0::1", "ff02::1", "fe80::1%eth0", "2606:4700::1%lo"],
    ["", "host", "1.1.1", "127.1", "0x7f000001", "1.1.1.1/32"],
  ])("says no to %s and the like", (...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

describe("the operator's lists", () => {
  it("allow private networks, addresses and what hosts resolve to", () => {
    const rules = rulesOf({
      allow: "10.1.0.0/16, 192.168.0.7, fd00::/8, PIM.corp, *.files.corp",
    });
    const permits = (host: string, address: string) =>
      rules.permits(host, address);

    expect(permits("any.test", "10.1.2.3")).toBe(true);
    expect(permits("any.test", "::ffff:10.1.2.3")).toBe(true);
    expect(permits("any.test", "10.2.0.1")).toBe(false);
    expect(permits("any.test", "192.168.0.7")).toBe(true);
    expect(permits("any.test", "192.168.0.8")).toBe(false);
    expect(permits("any.test", "fd12::1")).toBe(true);
    expect(permits("pim.corp", "172.16.0.1")).toBe(true);
    expect(permits("pim.corp.", "172.16.0.1")).toBe(true);
    expect(permits("a.b.files.corp", "172.16.0.1")).toBe(true);
    expect(permits("files.corp", "172.16.0.1")).toBe(false);
    expect(permits("badfiles.corp", "172.16.0.1")).toBe(false);
    expect(permits("pim.corp", "nonsense")).toBe(false);
  });

  it("deny before they allow", () => {
    const rules = rulesOf({
      allow: "10.0.0.0/8,files.test",
      deny: "10.0.0.1,1.1.1.0/24,files.test,*.evil.test",
    });
    expect(rules.permits("any.test", "10.0.0.1")).toBe(false);
    expect(rules.permits("any.test", "::ffff:10.0.0.1")).toBe(false);
    expect(rules.permits("any.test", "10.0.0.2")).toBe(true);
    expect(rules.permits("any.test", "1.1.1.1")).toBe(false);
    expect(rules.permits("files.test", "8.8.8.8")).toBe(false);
    expect(rules.problemOf(new URL("http://a.evil.test/"))).toMatch(/operator/);
    expect(rules.problemOf(new URL("http://files.test./"))).toMatch(/operator/);
  });

  it("say which item cannot be read", () => {
    for (const item of [
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/8/9",
      "::1/129",
      "fe80::1%eth0",
      "10.1",
      "http://host",
      "host:80",
      "a b",
      "*",
      "*.*.test",
      "[::1]",
    ])
      expect(() => parseAddressList(`1.1.1.1,${item}`)).toThrow(`"${item}"`);
    expect(() => parseAddressList(" , ")).not.toThrow();
  });

  it("name ports and ranges, and say what is no port", () => {
    const ports = parsePortList("443, 8000-8002");
    expect([443, 8000, 8002].every((port) => ports.has(port))).toBe(true);
    expect([80, 7999, 8003].some((port) => ports.has(port))).toBe(false);
    for (const item of ["0", "65536", "http", "-1", "1-", "1.5"])
      expect(() => parsePortList(item)).toThrow(`"${item}" is no port`);
    expect(() => parsePortList("90-80")).toThrow(/ends before it begins/);
    expect(() => parsePortList("")).toThrow(/No port/);
  });
});

describe("problemOf", () => {
  it.each([
    ["http://example.com/", undefined],
    ["https://example.com/", undefined],
    ["https://example.com:80/", undefined],
    ["http://1.1.1.1/", undefined],
    ["http://[2606:4700::1]/", undefined],
    ["ftp://example.com/", /http:\/\//],
    ["http://user@example.com/", /user name/],
    ["http://:secret@example.com/", /user name/],
    ["http://example.com:8080/", /Port 8080/],
    ["http://127.1/", /not public/],
    ["http://0x7f000001/", /not public/],
    ["http://[::ffff:1.1.1.1]/", /not public/],
  ])("%s", (url, problem) => {
    const found = rulesOf().problemOf(new URL(url));
    if (problem) expect(found).toMatch(problem);
    else expect(found).toBeUndefined();
  });
});
