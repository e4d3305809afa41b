import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  mkdtemp,
  readdir,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";
import {
  S3_TEST_KEYS,
  startS3Server,
  type S3TestServer,
} from "@/lib/testing/s3-server";

import {
  createDiskStore,
  createS3Store,
  keyPrefix,
  makeFileKey,
  makePartKey,
  ownerOfKey,
  partOffsetOf,
  thumbnailKeyOf,
  type FileStore,
} from "./service";
import { diskFailure } from "./store-failure";

let dir = "";
let s3: S3TestServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "source-studio-files-"));
  s3 = await startS3Server();
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await s3.close();
});

const newKey = () => makeFileKey(randomUUID(), randomUUID());

function openS3(): FileStore {
  return createS3Store({
    bucket: s3.bucket,
    region: "us-east-1",
    endpoint: s3.url,
    ...S3_TEST_KEYS,
  });
}

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield new Uint8Array(bytes.subarray(at, at + size));
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Promise.resolve();
    yield new Uint8Array(64 * 1024);
  }
}

async function keysOf(store: FileStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Everything that lies in either store, temporary or not. */
async function everything(): Promise<string[]> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  return [
    ...files.filter((file) => file.isFile()).map(({ name }) => name),
    ...s3.objects.keys(),
    ...s3.uploads.keys(),
  ].sort();
}

describe.each([
  ["the disk store", () => createDiskStore(join(dir, "media"))],
  ["the S3 store", openS3],
])("%s", (_, openStore) => {
  test("gives back what was written, with its length and hash", async () => {
    const store = openStore();
    // Several parts of a multipart upload, the last one short.
    const bytes = randomBytes(17 * 1024 * 1024 + 3);
    const key = newKey();
    const written = await store.write(key, pieces(bytes, 70_001));
    expect(written).toEqual({
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    expect(await store.size(key)).toBe(bytes.length);
    expect(bytes.equals(await buffer(await store.read(key)))).toBe(true);
  });

  test("joins files in the order they are named, and leaves them", async () => {
    const store = openStore();
    const parts = [randomBytes(3_000_000), randomBytes(1), randomBytes(70_000)];
    const [tenantId, fileId] = [randomUUID(), randomUUID()];
    const keys: string[] = [];
    for (const [at, part] of parts.entries()) {
      const key = makePartKey(tenantId, fileId, at);
      await store.write(key, pieces(part, 100_000));
      keys.push(key);
    }
    const key = newKey();
    const whole = Buffer.concat(parts);
    expect(await store.join(key, keys)).toEqual({
      bytes: whole.length,
      sha256: createHash("sha256").update(whole).digest("hex"),
    });
    expect((await buffer(await store.read(key))).equals(whole)).toBe(true);
    expect(await store.size(keys[1] ?? "")).toBe(1);

    const other = newKey();
    const missing = [...keys, makePartKey(tenantId, fileId, 9)];
    await expect(store.join(other, missing)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await store.size(other)).toBeUndefined();
  });

  test("keeps an empty file", async () => {
    const store = openStore();
    const key = newKey();
    expect(await store.write(key, pieces(Buffer.alloc(0), 1))).toMatchObject({
      bytes: 0,
    });
    expect(await store.size(key)).toBe(0);
    expect(await buffer(await store.read(key))).toHaveLength(0);
  });

  test.each([
    [0, 0, "a"],
    [2, 4, "cde"],
    [5, 99, "f"],
    [6, 6, ""],
  ])("reads the range %i to %i", async (start, endInclusive, text) => {
    const store = openStore();
    const key = newKey();
    await store.write(key, pieces(Buffer.from("abcdef"), 6));
    const range = { start, endInclusive };
    expect((await buffer(await store.read(key, range))).toString()).toBe(text);
  });

  test("says not found for what is not there", async () => {
    const store = openStore();
    expect(await store.size(newKey())).toBeUndefined();
    await expect(store.read(newKey())).rejects.toMatchObject({
      code: "not_found",
    });
    await store.remove([newKey(), newKey()]);
  });

  test("leaves nothing when the body fails, and throws what the body threw", async () => {
    const store = openStore();
    const before = await everything();
    const failure = new Error("cut off");
    for (const bytes of [10, 9_000_000]) {
      async function* failing() {
        yield* pieces(randomBytes(bytes), 65_536);
        throw failure;
      }
      await expect(store.write(newKey(), failing())).rejects.toBe(failure);
    }
    expect(await everything()).toEqual(before);
  });

  test("leaves nothing when it is aborted, also when the body hangs", async () => {
    const store = openStore();
    const before = await everything();
    const flowing = new AbortController();
    async function* abortedAfter20Mb() {
      let chunks = 0;
      for await (const chunk of endless()) {
        if ((chunks += 1) === 320) flowing.abort(new Error("too slow"));
        yield chunk;
      }
    }
    const { signal } = flowing;
    await expect(
      store.write(newKey(), abortedAfter20Mb(), { signal }),
    ).rejects.toThrow("too slow");

    const hanging = new AbortController();
    async function* hang() {
      yield new Uint8Array(10);
      setTimeout(() => hanging.abort(new Error("given up")), 0);
      await new Promise(() => {});
    }
    await expect(
      store.write(newKey(), hang(), { signal: hanging.signal }),
    ).rejects.toThrow("given up");
    expect(await everything()).toEqual(before);
  });

  test("shows a file only once it is whole", async () => {
    const store = openStore();
    const key = newKey();
    const seen: unknown[] = [];
    async function* watched() {
      for await (const chunk of pieces(randomBytes(10_000_000), 1_000_000)) {
        yield chunk;
        seen.push(await store.size(key));
      }
    }
    await store.write(key, watched());
    expect(new Set(seen)).toEqual(new Set([undefined]));
    expect(await store.size(key)).toBe(10_000_000);
  });

  test("lists by kind, tenant and file, over several pages, and removes many", async () => {
    const store = openStore();
    const [tenantId, fileId] = [randomUUID(), randomUUID()];
    const parts = [0, 5, 10, 4_194_304].map((offset) =>
      makePartKey(tenantId, fileId, offset),
    );
    const other = makePartKey(tenantId, randomUUID(), 0);
    const file = makeFileKey(tenantId, fileId);
    for (const key of [...parts, other, file, thumbnailKeyOf(file)])
      await store.write(key, pieces(Buffer.from(key), 10));

    expect(await keysOf(store, keyPrefix("parts", tenantId, fileId))).toEqual(
      parts,
    );
    expect(await keysOf(store, keyPrefix("parts", tenantId))).toHaveLength(5);
    expect(await keysOf(store, keyPrefix("files", tenantId))).toEqual([file]);
    expect(await keysOf(store, keyPrefix("thumbs", tenantId))).toHaveLength(1);
    expect(await keysOf(store, keyPrefix("files", randomUUID()))).toEqual([]);
    for await (const found of store.list(keyPrefix("files", tenantId))) {
      expect(found.bytes).toBe(file.length);
      expect(Math.abs(Date.now() - +found.modifiedAt)).toBeLessThan(60_000);
    }

    await store.remove([...parts, file, thumbnailKeyOf(file)]);
    expect(await keysOf(store, keyPrefix("parts", tenantId))).toEqual([other]);
    await store.remove([other]);
  });

  test("writes to one file's folder while another of its files is removed", async () => {
    const store = openStore();
    const [tenantId, fileId] = [randomUUID(), randomUUID()];
    const keys = Array.from({ length: 60 }, (_, at) =>
      makePartKey(tenantId, fileId, at),
    );
    await Promise.all(
      keys.map(async (key) => {
        await store.write(key, pieces(Buffer.from(key), 8));
        expect(await store.size(key)).toBe(key.length);
        await store.remove([key]);
      }),
    );
    expect(await keysOf(store, keyPrefix("parts", tenantId))).toEqual([]);
  });

  test("refuses every key of another shape before it touches anything", async () => {
    const store = openStore();
    const good = newKey();
    for (const key of [
      "",
      "../x",
      "files/../../etc/passwd",
      `/${good}`,
      `${good}/..`,
      `${good}\n`,
      good.toUpperCase(),
      good.replace("files/", "tmp/"),
      good.replaceAll("/", "\\"),
      `${good}/small`,
      "files/__proto__/constructor/x",
    ]) {
      await expect(store.read(key)).rejects.toThrow(RangeError);
      await expect(store.size(key)).rejects.toThrow(RangeError);
      await expect(store.remove([key])).rejects.toThrow(RangeError);
      await expect(store.write(key, endless())).rejects.toThrow(RangeError);
    }
    for (const prefix of ["", "/", "files", "tmp/", "files/../", good])
      await expect(keysOf(store, prefix)).rejects.toThrow(RangeError);
  });

  test("reads a part of the stream and lets go", async () => {
    const store = openStore();
    const key = newKey();
    await store.write(key, pieces(Buffer.alloc(3_000_000), 100_000));
    for await (const chunk of await store.read(key)) {
      expect((chunk as Buffer).length).toBeGreaterThan(0);
      break;
    }
    await store.remove([key]);
    expect(await store.size(key)).toBeUndefined();
  });
});

describe("the disk store", () => {
  test("lets only its own account read, and removes folders with their last file", async () => {
    const root = join(dir, "modes");
    const store = createDiskStore(root);
    const key = newKey();
    await store.write(key, pieces(Buffer.from("x"), 1));
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(join(root, key))).toBe(0o600);
    for (let path = join(root, key); path !== root;) {
      path = join(path, "..");
      expect(await mode(path)).toBe(0o700);
    }
    await store.remove([key]);
    expect(await readdir(join(root, "files"))).toEqual([]);
  });

  test("sweeps temporary files that nobody has written to for an hour", async () => {
    const root = join(dir, "sweep");
    const store = createDiskStore(root);
    const key = newKey();
    await store.write(key, pieces(Buffer.from("x"), 1));
    const [old, young] = [join(root, "tmp", "old"), join(root, "tmp", "young")];
    await writeFile(old, "x");
    await writeFile(young, "x");
    const anHourAgo = new Date(Date.now() - 3_700_000);
    await utimes(old, anHourAgo, anHourAgo);
    await utimes(join(root, key), anHourAgo, anHourAgo);
    expect(await store.sweep()).toBe(1);
    expect(await readdir(join(root, "tmp"))).toEqual(["young"]);
    expect(await store.size(key)).toBe(1);
  });

  test("says in a sentence that the disk is full or the folder blocked", () => {
    const failureOf = (code: string) =>
      diskFailure(Object.assign(new Error("raw text"), { code }));
    for (const code of ["ENOSPC", "EDQUOT", "EACCES", "EROFS"]) {
      expect(failureOf(code)).toBeInstanceOf(AppError);
      expect(failureOf(code)).toMatchObject({ code: "unavailable" });
      expect(String(failureOf(code))).not.toContain("raw text");
    }
    expect(failureOf("ERR_OTHER")).not.toBeInstanceOf(AppError);
  });

  test("does not take the body's failure for the disk's", async () => {
    const store = createDiskStore(join(dir, "modes"));
    async function* full() {
      yield new Uint8Array(1);
      await Promise.reject(
        Object.assign(new Error("from elsewhere"), { code: "ENOSPC" }),
      );
    }
    await expect(store.write(newKey(), full())).rejects.toThrow(
      "from elsewhere",
    );
  });
});

describe("the S3 store", () => {
  test("names the bucket in the path and writes large files in parts", async () => {
    s3.requests.length = 0;
    const key = newKey();
    await openS3().write(key, pieces(randomBytes(9_000_000), 100_000));
    expect(s3.requests[0]).toBe(`POST /${s3.bucket}/${key}?uploads=`);
    expect(
      s3.requests.filter((line) => line.includes("partNumber=")),
    ).toHaveLength(2);
    expect(s3.uploads.size).toBe(0);
  });

  test("aborts uploads in parts that were begun a day ago, of its own keys only", async () => {
    const upload = (key: string, hours: number) => {
      const initiated = new Date(Date.now() - hours * 3_600_000);
      const id = randomUUID();
      s3.uploads.set(id, { key, initiated, parts: new Map() });
      return id;
    };
    upload(newKey(), 25);
    const kept = [upload(newKey(), 23), upload("backups/db.tar", 99)];
    expect(await openS3().sweep()).toBe(1);
    expect([...s3.uploads.keys()]).toEqual(kept);
    s3.uploads.clear();
  });

  test("says in a sentence that the store does not answer, without its keys", async () => {
    s3.failWith = 403;
    const store = openS3();
    for (const call of [
      () => store.write(newKey(), pieces(Buffer.from("x"), 1)),
      () => store.write(newKey(), pieces(Buffer.alloc(9_000_000), 99_999)),
      () => store.read(newKey()),
      () => store.size(newKey()),
      () => store.remove([newKey()]),
      () => keysOf(store, "files/"),
      () => store.sweep(),
    ]) {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: "unavailable" });
      expect(String(error)).not.toContain(S3_TEST_KEYS.secretAccessKey);
    }
    s3.failWith = undefined;
  });

  test("refuses wrong keys with the same sentence", async () => {
    const store = createS3Store({
      ...{ bucket: s3.bucket, region: "us-east-1", endpoint: s3.url },
      ...{ accessKeyId: S3_TEST_KEYS.accessKeyId, secretAccessKey: "wrong" },
    });
    await expect(store.size(newKey())).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("storage keys", () => {
  test("name their owner, their place in the upload and their thumbnail", () => {
    const [tenantId, fileId] = [randomUUID(), randomUUID()];
    const key = makeFileKey(tenantId, fileId);
    expect(makeFileKey(tenantId, fileId)).not.toBe(key);
    expect(ownerOfKey(key)).toEqual({ kind: "files", tenantId, fileId });
    expect(ownerOfKey(thumbnailKeyOf(key))).toEqual({
      ...{ kind: "thumbs", tenantId, fileId },
    });
    expect(partOffsetOf(makePartKey(tenantId, fileId, 2_147_483_647))).toBe(
      2_147_483_647,
    );
  });

  test("are made of ids alone", () => {
    expect(() => makeFileKey("..", randomUUID())).toThrow(RangeError);
    expect(() => makePartKey(randomUUID(), randomUUID(), -1)).toThrow(
      RangeError,
    );
    expect(() => keyPrefix("files", "x/../..")).toThrow(RangeError);
  });
});
