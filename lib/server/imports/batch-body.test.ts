import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { readBatchBody } from "./batch-body";

function put(body: BodyInit, headers: Record<string, string> = {}): Request {
  const init = { method: "PUT", body, headers, duplex: "half" };
  return new Request("http://studio/api", init);
}

/** A body without content-length, in pieces. */
function stream(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

const text = async (request: Request, max?: number) =>
  new TextDecoder().decode(await readBatchBody(request, max));

describe("readBatchBody", () => {
  test("gives the bytes as they were, packed or not", async () => {
    expect(await text(put("[1]"))).toBe("[1]");
    const packed = new Uint8Array(gzipSync("[1]"));
    expect(await text(put(packed, { "content-encoding": "gzip" }))).toBe("[1]");
  });

  test("refuses what is too large by its header, while it comes, and unpacked", async () => {
    const large = { code: "too_large" };
    await expect(
      text(put("123", { "content-length": "11" }), 10),
    ).rejects.toMatchObject(large);
    const pieces = [new Uint8Array(6), new Uint8Array(6)];
    await expect(text(put(stream(pieces)), 10)).rejects.toMatchObject(large);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(100_000)));
    await expect(
      text(put(bomb, { "content-encoding": "gzip" }), 1_000),
    ).rejects.toMatchObject(large);
  });

  test("refuses other codings and broken gzip", async () => {
    await expect(
      text(put("x", { "content-encoding": "br" })),
    ).rejects.toMatchObject({ code: "unsupported_media_type" });
    await expect(
      text(put("x", { "content-encoding": "gzip" })),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});
