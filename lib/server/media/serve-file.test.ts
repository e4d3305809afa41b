import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { and, eq } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { mediaFiles } from "@/lib/server/db/schema";
import {
  createDiskStore,
  setAppFileStore,
  thumbnailKeyOf,
  type FileStore,
} from "@/lib/server/file-store/service";
import { appMediaReader } from "@/lib/server/media-reader/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant } from "@/lib/testing/factories";
import { createMediaFile } from "@/lib/testing/media-file";
import {
  readSharedBytes,
  readSharedCases,
  readSharedData,
} from "@/lib/testing/shared-data";
import { listenerMount } from "@/lib/testing/wire-mounts";

import { publicUrlOf } from "./public-url";

type Row = Awaited<ReturnType<typeof createMediaFile>>;

let dir = "";
let database: TestDb;
let tenantId = "";
let store: FileStore;
let mount: Awaited<ReturnType<typeof listenerMount>>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "source-studio-serve-"));
  store = createDiskStore(dir);
  setAppFileStore(store);
  database = await createTestDb();
  tenantId = await createTenant(database.db);
  mount = await listenerMount();
});
afterAll(async () => {
  await mount.close();
  appMediaReader().close();
  setAppFileStore(undefined);
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

const keep = (
  content: Parameters<typeof createMediaFile>[2],
  values: Parameters<typeof createMediaFile>[3] = {},
) => createMediaFile(database.db, tenantId, content, values);

const pathOf = (file: Row) => publicUrlOf(file, "");

function open(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { port } = mount;
    request({ port, path, headers, method, agent: false })
      .on("response", resolve)
      .on("error", reject)
      .end();
  });
}

async function get(...args: Parameters<typeof open>) {
  const answer = await open(...args);
  const body = await buffer(answer);
  return { status: answer.statusCode, headers: answer.headers, body };
}

describe("a media file at its public address", () => {
  test("comes whole to anybody, to be kept for ever", async () => {
    const content = await picture().png().toBuffer();
    const file = await keep(content, { filename: "grön stol.png" });
    const { status, headers, body } = await get(pathOf(file));
    expect(status).toBe(200);
    expect(body.equals(content)).toBe(true);
    expect(headers).toMatchObject({
      "content-type": "image/png",
      "content-length": String(content.length),
      "content-disposition":
        "inline; filename=\"gr_n stol.png\"; filename*=UTF-8''gr%C3%B6n%20stol.png",
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${createHash("sha256").update(content).digest("hex")}"`,
      "last-modified": file.completedAt?.toUTCString(),
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "cross-origin",
    });
  });

  test("is found by its ids, whatever stands behind them", async () => {
    const content = randomBytes(100);
    const file = await keep(content);
    const folder = `/${tenantId}/${file.id}/`;
    for (const path of [
      `${folder}other.png`,
      `${folder}photo.jpg&format=small`,
      `${folder}`,
      `${folder}a/b/c`,
      `${folder}%zz%`,
      `${folder}x?impolicy=huge`,
      `${folder}x?impolicy=small`,
      folder.toUpperCase(),
    ]) {
      const { status, body } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body.equals(content)).toBe(true);
    }
  });

  test("says by HEAD what GET would send", async () => {
    const file = await keep(randomBytes(1_000));
    const whole = await get(pathOf(file));
    const { status, headers, body } = await get(
      pathOf(file),
      { range: "bytes=0-9" },
      "HEAD",
    );
    expect({ status, length: body.length }).toEqual({ status: 200, length: 0 });
    const withoutDate = { ...whole.headers, date: headers.date };
    expect(headers).toEqual(withoutDate);
  });

  test("comes empty when it is empty", async () => {
    const file = await keep(Buffer.alloc(0));
    expect(await get(pathOf(file))).toMatchObject({ status: 200 });
    expect(await get(pathOf(file), { range: "bytes=0-" })).toMatchObject({
      status: 416,
    });
  });

  test.each([
    ["bytes=0-4", 206, "01234", "bytes 0-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=5-500", 206, "56789", "bytes 5-9/10"],
    ["bytes=0-1,4-5", 200, "0123456789", undefined],
    ["bytes=9-3", 200, "0123456789", undefined],
  ])("answers the range %s with %i", async (range, status, text, described) => {
    const file = await keep(Buffer.from("0123456789"));
    const answer = await get(pathOf(file), { range });
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toBe(text);
    expect(answer.headers["content-range"]).toBe(described);
    expect(answer.headers["content-length"]).toBe(String(text.length));
  });

  test("refuses a range past its end, and says how long it is", async () => {
    const file = await keep(Buffer.from("0123456789"));
    const { status, headers } = await get(pathOf(file), { range: "bytes=10-" });
    expect(status).toBe(416);
    expect(headers["content-range"]).toBe("bytes */10");
  });

  test("is not sent again to who has it", async () => {
    const file = await keep(Buffer.from("0123456789"));
    const etag = `"${file.contentHash}"`;
    const modified = file.completedAt?.toUTCString() ?? "";
    const statusOf = async (headers: Record<string, string>) =>
      (await get(pathOf(file), headers)).status;
    expect(await statusOf({ "if-none-match": etag })).toBe(304);
    expect(await statusOf({ "if-none-match": `"a", W/${etag}` })).toBe(304);
    expect(await statusOf({ "if-none-match": "*" })).toBe(304);
    expect(await statusOf({ "if-none-match": '"other"' })).toBe(200);
    expect(await statusOf({ "if-modified-since": modified })).toBe(304);
    expect(
      await statusOf({
        "if-none-match": '"other"',
        "if-modified-since": modified,
      }),
    ).toBe(200);
    const { headers, body } = await get(pathOf(file), {
      "if-none-match": etag,
      range: "bytes=0-1",
    });
    expect(headers).toMatchObject({ etag });
    expect(body).toHaveLength(0);
  });

  test("comes whole to who has a part of something else", async () => {
    const file = await keep(Buffer.from("0123456789"));
    const range = "bytes=2-3";
    const statusOf = async (condition: string) =>
      (await get(pathOf(file), { range, "if-range": condition })).status;
    expect(await statusOf(`"${file.contentHash}"`)).toBe(206);
    expect(await statusOf(file.completedAt?.toUTCString() ?? "")).toBe(206);
    expect(await statusOf('"other"')).toBe(200);
    expect(await statusOf(`W/"${file.contentHash}"`)).toBe(200);
    expect(await statusOf("Thu, 01 Jan 1970 00:00:00 GMT")).toBe(200);
  });

  test("is nothing but a sentence when there is none", async () => {
    const file = await keep(Buffer.from("x"));
    const unfinished = await keep(Buffer.from("x"), { state: "progress" });
    const lost = await keep(Buffer.from("x"));
    await store.remove([lost.storageKey ?? ""]);
    for (const path of [
      `/${randomUUID()}/${file.id}/x`,
      `/${tenantId}/${randomUUID()}/x`,
      pathOf(unfinished),
      pathOf(lost),
    ]) {
      const { status, headers, body } = await get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(headers["cache-control"]).toBe("no-store");
      expect(Object.keys(JSON.parse(body.toString()) as object)).toEqual([
        "message",
      ]);
    }
    const { status, headers } = await get(pathOf(file), {}, "PUT");
    expect({ status, allow: headers.allow }).toEqual({
      ...{ status: 405, allow: "GET, HEAD" },
    });
  });

  test("is gone within 5 s when it was deleted", async () => {
    const file = await keep(Buffer.from("x"));
    expect((await get(pathOf(file))).status).toBe(200);
    await database.db.orm
      .delete(mediaFiles)
      .where(
        and(eq(mediaFiles.tenantId, tenantId), eq(mediaFiles.id, file.id)),
      );
    await vi.waitFor(
      async () => expect((await get(pathOf(file))).status).toBe(404),
      { timeout: 5_000, interval: 100 },
    );
  });
});

describe("a large file", () => {
  const BYTES = 400 * 1024 * 1024;

  async function* zeros(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < BYTES; at += 1024 * 1024)
      yield await Promise.resolve(new Uint8Array(1024 * 1024));
  }

  test("passes through little memory, as fast as the client takes it", async () => {
    const file = await keep(zeros());
    const before = process.memoryUsage().rss;
    let most = 0;
    let bytes = 0;
    const answer = await open(pathOf(file));
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(bytes).toBe(BYTES);
    expect(most - before).toBeLessThan(150 * 1024 * 1024);
  });

  test("is closed again when its client goes away", async () => {
    const file = await keep(zeros());
    const streams: Readable[] = [];
    setAppFileStore({
      ...store,
      read: async (...args) => {
        const stream = await store.read(...args);
        streams.push(stream);
        return stream;
      },
    });
    for (let at = 0; at < 10; at += 1) {
      const answer = await open(pathOf(file));
      await once(answer, "readable");
      answer.destroy();
    }
    setAppFileStore(store);
    expect(streams).toHaveLength(10);
    await vi.waitFor(
      () => expect(streams.every(({ closed }) => closed)).toBe(true),
      { timeout: 5_000 },
    );
  });
});

describe("impolicy=small", () => {
  test("gives a small picture, kept in the store, with a tag of its own", async () => {
    const file = await keep(await picture(1_000, 500).jpeg().toBuffer(), {
      filename: "stol.JPG",
    });
    const path = `${pathOf(file)}?impolicy=small`;
    const { status, headers, body } = await get(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "image/webp",
      "content-disposition":
        "inline; filename=\"stol.webp\"; filename*=UTF-8''stol.webp",
      etag: `"${file.contentHash}-small"`,
      "x-content-type-options": "nosniff",
    });
    expect(await sharp(body).metadata()).toMatchObject({
      ...{ format: "webp", width: 400, height: 200 },
    });
    const kept = await store.size(thumbnailKeyOf(file.storageKey ?? ""));
    expect(kept).toBe(body.length);
    const { etag = "" } = headers;
    expect((await get(path, { "if-none-match": etag })).status).toBe(304);
    expect((await get(path, { range: "bytes=0-3" })).body.toString()).toBe(
      "RIFF",
    );
  });

  test("gives the file itself when it is no picture", async () => {
    const file = await keep(Buffer.from("plain words"));
    const { status, body } = await get(`${pathOf(file)}?impolicy=small`);
    expect({ status, text: body.toString() }).toEqual({
      ...{ status: 200, text: "plain words" },
    });
  });
});

describe("hostile files", () => {
  const names = Object.keys(
    JSON.parse(readSharedData("hostile/media/cases.json")) as object,
  );

  test.each(names)("%s is served as nothing that runs", async (name) => {
    const content = readSharedBytes(`hostile/media/${name}`);
    const file = await keep(content, { filename: name });
    const { status, headers, body } = await get(pathOf(file));
    expect(status).toBe(200);
    expect(body.equals(content)).toBe(true);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toBe(
      "sandbox; default-src 'none'",
    );
    const isShown = name.endsWith(".png");
    expect(headers["content-disposition"]).toMatch(
      isShown ? /^inline/ : /^attachment/,
    );
    expect(headers["content-type"]).toBe(
      isShown
        ? "image/png"
        : name.endsWith(".pdf")
          ? "application/pdf"
          : "application/octet-stream",
    );
    const small = await get(`${pathOf(file)}?impolicy=small`);
    const isPicture = file.mimeType?.match(/^image\/(png|gif)$/);
    expect(small.status).toBe(
      isPicture && name !== "00-control.png" ? 404 : 200,
    );
  });

  test("every hostile name is served, and only below the media folder", async () => {
    for (const { filename } of readSharedCases<{ filename: string }>(
      "hostile/file-names.jsonl",
    )) {
      // The database keeps no NUL; the service refuses it or writes it otherwise.
      const stored = filename.replaceAll("\0", "");
      const file = await keep(Buffer.from("<script>alert(1)</script>"), {
        filename: stored,
      });
      const { status, headers } = await get(pathOf(file));
      expect([filename, status]).toEqual([filename, 200]);
      expect(headers["content-disposition"]).toMatch(/^attachment; /);
      expect(headers["content-type"]).toBe("application/octet-stream");
    }
    expect((await readdir(dir)).sort()).toEqual(["files", "thumbs", "tmp"]);
  });
});

function picture(width = 40, height = 30) {
  const background = { r: 0, g: 80, b: 200 };
  return sharp({ create: { width, height, channels: 3, background } });
}
