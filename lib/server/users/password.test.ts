import { describe, expect, test, vi } from "vitest";

import { hashPassword, needsRehash, verifyPassword } from "./password";

describe("passwords", () => {
  test("are kept as argon2id with their parameters, salted", async () => {
    const [one, two] = await Promise.all([
      hashPassword("same password"),
      hashPassword("same password"),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(needsRehash(one)).toBe(false);
    expect(needsRehash(one.replace("m=19456", "m=4096"))).toBe(true);
  });

  test("belong to their own hash only", async () => {
    const stored = await hashPassword("påsswörd 🔑 long");
    expect(await verifyPassword("påsswörd 🔑 long", stored)).toBe(true);
    expect(await verifyPassword("passwörd 🔑 long", stored)).toBe(false);
  });

  test("never belong to a missing or damaged hash, not even the stand-in's", async () => {
    expect(await verifyPassword("nobody's password", undefined)).toBe(false);
    expect(await verifyPassword("x", "none")).toBe(false);
    expect(await verifyPassword("", "")).toBe(false);
  });

  test("are refused, not queued for ever, when too many come at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 80 }, () => hashPassword("x")),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(80 - 4 - 64);
    expect(refused[0]).toMatchObject({ reason: { code: "rate_limited" } });
    // Every place was handed back.
    expect(await hashPassword("x")).toContain("argon2id");
  });

  test("are checked for unknown people again after a rush refused the first of them", async () => {
    vi.resetModules();
    const fresh = await import("./password");
    const rush = Array.from({ length: 68 }, () => fresh.hashPassword("x"));
    await expect(fresh.verifyPassword("x", undefined)).rejects.toMatchObject({
      code: "rate_limited",
    });
    await Promise.all(rush);
    expect(await fresh.verifyPassword("x", undefined)).toBe(false);
  });
});
