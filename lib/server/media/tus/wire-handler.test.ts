import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { FileStore } from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { readSharedCases } from "@/lib/testing/shared-data";
import {
  createTestStore,
  createUploadClient,
  metadataOf,
  someBytes,
  storedKeys,
  storedUpload,
  tokenOf,
  type UploadClient,
} from "@/lib/testing/upload-client";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";
import { createWireProvider } from "@/lib/testing/wire-provider";

const CHUNK = 4_194_304;

let database: TestDb;
let store: FileStore;
let closeStore: () => Promise<void>;
let listener: WireMount & { port: number };
let token: string;

beforeAll(async () => {
  database = await createTestDb();
  ({ store, close: closeStore } = await createTestStore());
  listener = await listenerMount();
  token = await tokenOf(listener, await createWireProvider(database));
});
afterAll(async () => {
  await listener.close();
  await closeStore();
  await database.close();
});

describe.each([
  ["the listener", () => Promise.resolve(listener as WireMount)],
  ["the Next routes", routeMount],
])("uploads at %s", (_, open) => {
  let client: UploadClient;
  let mount: WireMount;
  beforeAll(async () => {
    mount = await open();
    client = createUploadClient(mount, token);
  });

  test("take what the official client sends: create, chunks of 4 MiB, and the file is complete", async () => {
    const bytes = someBytes(9_437_184);
    const answer = await client.create(bytes.length, {
      Filename: "petter å.jpg",
      MimeType: "image/jpeg",
      Size: String(bytes.length),
      UniqueIdentifier: `petterFromStream-${mount.name}`,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("tus-resumable")).toBe("1.0.0");
    expect(answer.headers.has("upload-offset")).toBe(false);
    const location = answer.headers.get("location") ?? "";
    expect(location).toMatch(
      /^http:\/\/[\w.:]+\/media\/uploads\/files\/[0-9a-f-]{36}$/,
    );
    const id = location.slice(location.lastIndexOf("/") + 1);
    let offset = 0;
    while (offset < bytes.length) {
      const chunk = bytes.subarray(offset, offset + CHUNK);
      const patched = await client.patch(id, offset, chunk as BodyInit);
      expect(patched.status).toBe(204);
      offset = Number(patched.headers.get("upload-offset"));
    }
    const got = await mount.fetch(`/media/files/${id}`, {
      headers: { authorization: client.common.authorization },
    });
    expect(got.status).toBe(200);
    expect(await got.json()).toMatchObject({
      result: {
        id,
        uniqueIdentifier: `petterFromStream-${mount.name}`,
        metadata: {
          filename: "petter å.jpg",
          size: bytes.length,
          // By its content: it is no picture.
          mimeType: "application/octet-stream",
        },
      },
      errors: [],
    });
    const stored = await storedUpload(database, store, id);
    expect(stored?.state).toBe("completed");
    expect(stored?.bytes?.equals(bytes)).toBe(true);
    const keys = await storedKeys(store);
    expect(keys.filter((key) => key.includes(id))).toHaveLength(1);
  });

  test("answer the last chunk sent again with the current offset, also when the file is complete", async () => {
    const id = await client.begin(8);
    await client.patch(id, 0, "1234");
    const again = await client.patch(id, 0, "1234");
    expect(offsetOf(again)).toEqual([204, "4"]);
    await client.patch(id, 4, "5678");
    expect(offsetOf(await client.patch(id, 4, "5678"))).toEqual([204, "8"]);
    // Builds that lost the body on the way send it empty.
    expect(offsetOf(await client.patch(id, 4, ""))).toEqual([204, "8"]);
    expect(await textOf(id)).toBe("12345678");
  });

  test("refuse an empty chunk, and never name an offset in a refusal", async () => {
    const id = await client.begin(8);
    await client.patch(id, 0, "1234");
    const refused: [number, Response][] = [
      [400, await client.patch(id, 4, "")],
      [400, await client.patch(id, 4, null)],
      [400, await client.patch(id, 0, "")],
      [400, await client.patch(id, 4, streamOf([]))],
      [409, await client.patch(id, 2, "3")],
      [409, await client.patch(id, 0, "12")],
      [409, await client.patch(id, 6, "78")],
      [409, await client.patch(id, 0, streamOf(["12", "345"]))],
      [413, await client.patch(id, 4, "56789")],
      [413, await client.patch(id, 4, streamOf(["567", "89"]))],
      [400, await client.patch(id, "x", "5678")],
      [400, await client.patch(id, "-4", "5678")],
      [415, await client.patch(id, 4, "5678", { "content-type": "a/b" })],
      [415, await client.patch(id, 4, "5678", { "content-encoding": "gzip" })],
      [412, await client.patch(id, 4, "5678", { "tus-resumable": "0.2.2" })],
      [401, await client.patch(id, 4, "5678", { authorization: "Bearer x" })],
      [404, await client.patch("foo", 4, "5678")],
      [404, await client.patch(crypto.randomUUID(), 4, "5678")],
    ];
    for (const [status, answer] of refused) {
      expect(offsetOf(answer)).toEqual([status, null]);
      const body = (await answer.json()) as { errors: { message: string }[] };
      expect(body).toMatchObject({ result: null, statusCode: status });
      expect(body.errors[0]?.message).toMatch(/\.$/);
      expect(answer.headers.get("tus-resumable")).toBe("1.0.0");
    }
    expect(await storedUpload(database, store, id)).toMatchObject({
      state: "progress",
      arrived: 4,
    });
    await client.patch(id, 4, "5678");
    expect(await textOf(id)).toBe("12345678");
  });

  test("take chunks that come without a length", async () => {
    const id = await client.begin(8);
    const first = await client.patch(id, 0, streamOf(["12", "34"]));
    expect(offsetOf(first)).toEqual([204, "4"]);
    const again = await client.patch(id, 0, streamOf(["123", "4"]));
    expect(offsetOf(again)).toEqual([204, "4"]);
    const last = await client.patch(id, 4, streamOf(["5", "678"]));
    expect(offsetOf(last)).toEqual([204, "8"]);
    expect(await textOf(id)).toBe("12345678");
  });

  test("let one of two chunks at the same offset win", async () => {
    const id = await client.begin(8);
    const answers = await Promise.all([
      client.patch(id, 0, streamOf(["ab", "cd"])),
      client.patch(id, 0, streamOf(["AB", "CD"])),
    ]);
    const results = answers.map(offsetOf);
    expect(results).toContainEqual([204, "4"]);
    expect(results).toContainEqual([409, null]);
    const isLower = answers[0].status === 204;
    await client.patch(id, 4, "efgh");
    expect(await textOf(id)).toBe(isLower ? "abcdefgh" : "ABCDefgh");
    const keys = await storedKeys(store);
    expect(keys.filter((key) => key.includes(id))).toHaveLength(1);
  });

  test("take no other bytes for a chunk that is stored", async () => {
    const id = await client.begin(8);
    await client.patch(id, 0, "abcd");
    expect(offsetOf(await client.patch(id, 0, "ABCD"))).toEqual([409, null]);
    expect(offsetOf(await client.patch(id, 0, "abcd"))).toEqual([204, "4"]);
    await client.patch(id, 4, "efgh");
    expect(await textOf(id)).toBe("abcdefgh");
  });

  test("refuse lengths that no file can have", async () => {
    const refused = [
      [400, "-1"],
      [400, "-2147483648"],
      [400, "1.5"],
      [400, "many"],
      [400, "0"],
      [413, "2147483648"],
      [413, "999999999999999"],
    ] as const;
    for (const [status, length] of refused) {
      const answer = await client.create(length, { Filename: "a.jpg" });
      expect([answer.status, length]).toEqual([status, length]);
      expect(answer.headers.has("location")).toBe(false);
      expect(await answer.json()).toMatchObject({ statusCode: status });
    }
    const absent = await mount.fetch("/media/uploads/files", {
      method: "POST",
      headers: {
        ...client.common,
        "upload-metadata": metadataOf({ Filename: "a.jpg" }),
      },
    });
    expect(absent.status).toBe(400);
    const later = await mount.fetch("/media/uploads/files", {
      method: "POST",
      headers: { ...client.common, "upload-defer-length": "1" },
    });
    expect(later.status).toBe(400);
  });

  test("refuse a used identifier with 409, and begin anew where an upload never finished", async () => {
    const uid = { Filename: "a.bin", UniqueIdentifier: `used ${mount.name}` };
    const dropped = await client.begin(4, uid);
    await client.patch(dropped, 0, "12");
    const id = await client.begin(4, uid);
    expect(id).not.toBe(dropped);
    expect((await client.ask(dropped)).status).toBe(404);
    expect((await client.patch(dropped, 2, "34")).status).toBe(404);
    await client.patch(id, 0, "abcd");

    const used = await client.create(4, uid);
    expect(used.status).toBe(409);
    expect(used.headers.has("location")).toBe(false);
    expect(await used.json()).toMatchObject({ result: null, statusCode: 409 });
  });

  test("keep every hostile file name as text or refuse it in a sentence", async () => {
    const cases = readSharedCases<{ filename: string }>(
      "hostile/file-names.jsonl",
    );
    for (const { filename } of cases) {
      const answer = await client.create(2, { Filename: filename });
      if (answer.status === 400) {
        expect(await answer.json()).toMatchObject({ statusCode: 400 });
        continue;
      }
      expect([filename, answer.status]).toEqual([filename, 201]);
      const id = (answer.headers.get("location") ?? "").split("/").at(-1) ?? "";
      await client.patch(id, 0, "ok");
      const rows = await database.db.rows<{ filename: string }>(
        "select filename from media_files where id = $1 and state = 'completed'",
        [id],
      );
      expect(rows).toEqual([{ filename }]);
      const metadata = (await client.ask(id)).headers.get("upload-metadata");
      expect(metadata).toContain(metadataOf({ Filename: filename }));
    }
  });

  test("keep every hostile identifier exactly or refuse it in a sentence", async () => {
    const cases = readSharedCases<{ uniqueIdentifier: string }>(
      "hostile/media-identifiers.jsonl",
    );
    const other = createUploadClient(
      mount,
      await tokenOf(listener, await createWireProvider(database)),
    );
    for (const { uniqueIdentifier } of cases) {
      const values = { filename: "a.txt", UNIQUEIDENTIFIER: uniqueIdentifier };
      for (const of of [other]) {
        const answer = await of.create(2, values);
        if (answer.status === 400) continue;
        expect([uniqueIdentifier, answer.status]).toEqual([
          uniqueIdentifier,
          201,
        ]);
        const id =
          (answer.headers.get("location") ?? "").split("/").at(-1) ?? "";
        await of.patch(id, 0, "ok");
        const rows = await database.db.rows(
          `select unique_identifier as "uniqueIdentifier" from media_files where id = $1`,
          [id],
        );
        expect(rows).toEqual([{ uniqueIdentifier }]);
        expect((await of.create(2, values)).status).toBe(409);
      }
    }
  });

  test("refuse metadata that is no list of keys and base64", async () => {
    const headers = [
      "",
      "Filename",
      "Filename %%%",
      "Filename Y2hhaXI=,filename Y2hhaXI=",
      "MimeType YS9i",
      "Filename gICA",
      `Filename ${"A".repeat(4_000)}`,
    ];
    for (const header of headers) {
      const answer = await mount.fetch("/media/uploads/files", {
        method: "POST",
        headers: {
          ...client.common,
          "upload-length": "4",
          "upload-metadata": header,
        },
      });
      expect([header.slice(0, 40), answer.status]).toEqual([
        header.slice(0, 40),
        400,
      ]);
    }
  });

  test("tell how far an upload is, end it, and say what is offered", async () => {
    const id = await client.begin(8, { Filename: "å.jpg" });
    await client.patch(id, 0, "1234");
    const asked = await client.ask(id);
    expect(asked.status).toBe(200);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      "upload-offset": "4",
      "upload-length": "8",
      "cache-control": "no-store",
      "upload-metadata": metadataOf({
        Filename: "å.jpg",
        MimeType: "image/jpeg",
        Size: "8",
      }),
    });
    const expiresMs = Date.parse(asked.headers.get("upload-expires") ?? "");
    expect(Math.abs(expiresMs - Date.now() - 86_400_000)).toBeLessThan(60_000);

    expect((await client.end(id)).status).toBe(204);
    expect((await client.end(id)).status).toBe(404);
    expect((await client.ask(id)).status).toBe(404);
    const keys = await storedKeys(store);
    expect(keys.filter((key) => key.includes(id))).toEqual([]);

    const offered = await mount.fetch("/media/uploads/files", {
      method: "OPTIONS",
    });
    expect(offered.status).toBe(204);
    expect(Object.fromEntries(offered.headers)).toMatchObject({
      "tus-version": "1.0.0",
      "tus-resumable": "1.0.0",
      "tus-extension": "creation,expiration,termination",
      "tus-max-size": "2147483647",
    });
    expect(offered.headers.has("access-control-allow-origin")).toBe(false);
  });

  test("do not end a file that is complete", async () => {
    const id = await client.begin(2);
    await client.patch(id, 0, "ok");
    expect((await client.end(id)).status).toBe(409);
    expect(offsetOf(await client.ask(id))).toEqual([200, "2"]);
    expect(await textOf(id)).toBe("ok");
  });

  test("are for the tenant alone that began them", async () => {
    const other = createUploadClient(
      mount,
      await tokenOf(listener, await createWireProvider(database)),
    );
    const id = await client.begin(8);
    const answers = [
      await other.ask(id),
      await other.patch(id, 0, "1234"),
      await other.end(id),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(offsetOf(await client.ask(id))).toEqual([200, "0"]);
  });

  test("have no other method", async () => {
    const answer = await mount.fetch("/media/uploads/files", { method: "GET" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([
      405,
      "POST, OPTIONS",
    ]);
  });
});

describe("over HTTP", () => {
  test("a chunk that is cut off leaves nothing, and can be sent again", async () => {
    const client = createUploadClient(listener, token);
    const id = await client.begin(200_000);
    const bytes = someBytes(200_000);
    for (const framing of [
      "content-length: 100000",
      "transfer-encoding: chunked",
    ]) {
      await sendCut(id, framing, bytes.subarray(0, 70_000));
    }
    await settled(() =>
      storedKeys(store).then((keys) => !keys.some((key) => key.includes(id))),
    );
    expect(offsetOf(await client.ask(id))).toEqual([200, "0"]);
    await client.patch(id, 0, bytes.subarray(0, 100_000) as BodyInit);
    await client.patch(id, 100_000, bytes.subarray(100_000) as BodyInit);
    const stored = await storedUpload(database, store, id);
    expect(stored?.bytes?.equals(bytes)).toBe(true);
  });

  test("a refusal reaches a client that still sends", async () => {
    const client = createUploadClient(listener, token);
    const id = await client.begin(20_000_000);
    const answer = await client.patch(id, 4, someBytes(CHUNK) as BodyInit);
    expect(answer.status).toBe(409);
  });
});

function offsetOf(answer: Response): [number, string | null] {
  return [answer.status, answer.headers.get("upload-offset")];
}

async function textOf(id: string): Promise<string | undefined> {
  return (await storedUpload(database, store, id))?.bytes?.toString();
}

function streamOf(pieces: string[]): ReadableStream<Uint8Array> {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  return new ReadableStream({
    async pull(controller) {
      await delay(20);
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

/** Sends a part of a chunk and drops the connection. */
function sendCut(id: string, framing: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(listener.port, "127.0.0.1", () => {
      socket.write(
        `PATCH /media/uploads/files/${id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n${framing}\r\n\r\n`,
      );
      if (framing.startsWith("transfer")) {
        socket.write(`${bytes.length.toString(16)}\r\n`);
      }
      socket.write(bytes, () => socket.destroySoon());
    });
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
}

async function settled(isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 5_000 }).toBe(true);
}
