import { randomUUID } from "node:crypto";
import {
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { createSealKeys } from "@/lib/server/seal-keys";

import { openSecret, sealedUnder, sealSecret, type SealPlace } from "./seal";

const folder = mkdtempSync(
  join(tmpdir(), `source-studio-test-${process.pid}-`),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keys = createSealKeys(folder);

const SECRET = "pär-och-äpple-🔑";
const place: SealPlace = {
  ...{ tenantId: randomUUID(), endpointId: randomUUID() },
  origin: "https://ingest.example.com:443",
};
const ending = (text: string, at: number, part: string) =>
  text.split(".").with(at, part).join(".");

describe("a sealed secret", () => {
  test("opens again where it was sealed, and is different each time", () => {
    const sealed = sealSecret(SECRET, place, keys);
    expect(openSecret(sealed, place, keys)).toBe(SECRET);
    expect(sealSecret(SECRET, place, keys)).not.toBe(sealed);
    expect(sealed).not.toContain("pär");
    expect(sealed).not.toContain(Buffer.from(SECRET).toString("base64url"));
  });

  test.each<[string, Partial<SealPlace>]>([
    ["another tenant", { tenantId: randomUUID() }],
    ["another endpoint", { endpointId: randomUUID() }],
    ["another host", { origin: "https://evil.example:443" }],
    ["another scheme", { origin: "http://ingest.example.com:443" }],
    ["another port", { origin: "https://ingest.example.com:8443" }],
  ])("does not open for %s", (_, change) => {
    const sealed = sealSecret(SECRET, place, keys);
    expect(() => openSecret(sealed, { ...place, ...change }, keys)).toThrow(
      "cannot be read",
    );
  });

  test("does not open when a byte, the tag or the key's id was changed", () => {
    const sealed = sealSecret(SECRET, place, keys);
    const [, , iv = "", text = "", tag = ""] = sealed.split(".");
    const other = (part: string) => (part.startsWith("A") ? "B" : "A");
    for (const changed of [
      ending(sealed, 3, other(text) + text.slice(1)),
      ending(sealed, 2, other(iv) + iv.slice(1)),
      ending(sealed, 4, tag.slice(0, 4)),
      ending(sealed, 1, "__proto__"),
      ending(sealed, 1, "../session"),
      ending(sealed, 0, "v2"),
      `${sealed}.more`,
      "",
    ]) {
      expect(() => openSecret(changed, place, keys), changed).toThrow(
        /cannot be read|is missing/,
      );
    }
  });
});

describe("the keys", () => {
  test("are readable for the owner alone, and a damaged one is named", () => {
    const { id } = keys.current();
    expect(statSync(join(folder, `${id}.key`)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).every((name) => name.endsWith(".key"))).toBe(
      true,
    );
    const { id: newer } = keys.add();
    keys.remove(newer);
    writeFileSync(join(folder, `${newer}.key`), "nothing");
    expect(() => keys.current()).toThrow("is damaged");
    keys.remove(newer);
    expect(keys.current().id).toBe(id);
  });

  test("after a rotation seal under the new one and open under the old one until it is removed", () => {
    const sealed = sealSecret(SECRET, place, keys);
    const old = sealedUnder(sealed);
    const { id } = keys.add();
    expect(keys.ids()).toEqual([old, id]);
    expect(sealedUnder(sealSecret(SECRET, place, keys))).toBe(id);
    expect(openSecret(sealed, place, keys)).toBe(SECRET);
    keys.remove(old);
    expect(() => openSecret(sealed, place, keys)).toThrow(
      `The key ${old} is missing`,
    );
  });
});
