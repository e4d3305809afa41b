import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openSecret, sealSecret } from "@/lib/server/endpoints/seal";
import { createSealKeys } from "@/lib/server/seal-keys";
import { createTestDb, type TestDb } from "@/lib/testing/db";

const PROGRAM_MS_MAX = 60_000;

let dataDir: string;
let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
  dataDir = mkdtempSync(join(tmpdir(), `source-studio-test-${process.pid}-`));
});
afterAll(async () => {
  await testDb.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function admin(
  args: string[],
  stdin = "",
): Promise<{ code: number | null; out: string; errors: string }> {
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=react-server", "--import", "tsx"],
      ...["lib/cli/admin.ts", ...args],
    ],
    { env: { ...process.env, DATABASE_URL: testDb.url, DATA_DIR: dataDir } },
  );
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  return { code, out, errors };
}

/** The one JSON object on standard output. */
async function adminJson(
  args: string[],
  stdin = "",
): Promise<Record<string, unknown>> {
  const { out } = await admin([...args, "--json"], stdin);
  return JSON.parse(out) as Record<string, unknown>;
}

describe("the admin command", { timeout: PROGRAM_MS_MAX }, () => {
  test("creates a user with the password from standard input", async () => {
    const args = ["user", "create", "--email", "Anna@Example.com"];
    const made = await adminJson(
      [...args, "--role", "admin", "--password-stdin"],
      "correct horse battery\n",
    );
    expect(made).toMatchObject({ email: "anna@example.com", role: "admin" });
    expect(JSON.stringify(made)).not.toContain("horse");

    const listed = await admin(["user", "list"]);
    expect(listed.out).toContain("anna@example.com\tadmin");
  });

  test("creates a source and a provider, and rotates its secret", async () => {
    const source = await adminJson(
      "source create --id products --name Products --origin-system SAP".split(
        " ",
      ),
    );
    expect(source).toMatchObject({
      identifier: "products",
      originSystem: "SAP",
    });

    const provider = await adminJson(
      "provider create --name erp --sources Products".split(" "),
    );
    expect(provider).toMatchObject({
      name: "erp",
      sources: [{ identifier: "products" }],
    });
    const rotated = await adminJson([
      ...["provider", "rotate"],
      ...["--id", String(provider["id"])],
    ]);
    expect(rotated["secret"]).toMatch(/^[a-z]{3}_\w+$/);
    expect(rotated["secret"]).not.toBe(provider["secret"]);

    const { out } = await admin(["provider", "list", "--json"]);
    expect(out).not.toContain(String(rotated["secret"]));
  });

  test("seals the secrets of endpoints with a new key, and removes the old one", async () => {
    const secret = "canary-of-the-rotation";
    const folder = join(dataDir, "keys", "seal");
    const place = {
      ...{ tenantId: randomUUID(), endpointId: randomUUID() },
      origin: "https://ingest.example.com:443",
    };
    const sealed = sealSecret(secret, place, createSealKeys(folder));
    await testDb.db.rows(
      `insert into endpoints (tenant_id, id, name, url, provider_id, secret_sealed)
       values ($1, $2, 'Occtoo', 'https://ingest.example.com', 'p', $3)`,
      [place.tenantId, place.endpointId, sealed],
    );
    expect(await adminJson(["keys", "rotate"])).toEqual({
      ...{ keyId: "k0002", sealed: 1, removedKeys: ["k0001"] },
    });
    expect(readdirSync(folder)).toEqual(["k0002.key"]);
    const [row] = await testDb.db.rows<{ text: string }>(
      "select secret_sealed as text from endpoints where id = $1",
      [place.endpointId],
    );
    expect(row?.text).toMatch(/^v1\.k0002\./);
    expect(openSecret(row?.text ?? "", place, createSealKeys(folder))).toBe(
      secret,
    );
    const { out, errors } = await admin(["keys", "rotate"]);
    expect(out).toContain("1 secret sealed with the key k0003");
    expect(out).toContain("Keys removed: k0002");
    expect(out + errors).not.toContain(secret);
  });

  test("answers a failure as JSON with exit code 1", async () => {
    const { code, out, errors } = await admin(
      "provider create --name erp --sources nowhere --json".split(" "),
    );
    expect(code).toBe(1);
    expect(errors).toBe("");
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: "not_found",
        message:
          "There is no source nowhere. Create it first, or see source list.",
      },
    });
  });

  test("answers a failure without --json in one sentence, without a stack", async () => {
    const { code, out, errors } = await admin(["source", "create", "--id=a b"]);
    expect({ code, out, errors }).toEqual({
      code: 1,
      out: "",
      errors: "The option --name is missing. See --help.\n",
    });
  });
});
