import { describe, expect, test } from "vitest";

import { drainChunk } from "./chunk-body";

const pace = { windowMs: 100, windowBytesMin: 10 };
const limits = { bytesMax: 1_000, bytesDeclared: undefined, pace };

describe("reading a chunk", () => {
  test("ends a body that hangs", async () => {
    const started = performance.now();
    await expect(drainChunk(bodyOf([5], "hang"), limits)).rejects.toMatchObject(
      { code: "invalid_input" },
    );
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("ends a body that drips, however long it keeps at it", async () => {
    const drops = Array.from({ length: 60 }, () => 1);
    await expect(
      drainChunk(bodyOf(drops, "end", 20), limits),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("lets a slow body take far longer than one window", async () => {
    const pieces = Array.from({ length: 20 }, () => 20);
    expect((await drainChunk(bodyOf(pieces, "end", 20), limits)).bytes).toBe(
      400,
    );
  });

  test("does not count the time that the reader takes", async () => {
    const { readChunk } = await import("./chunk-body");
    let bytes = 0;
    for await (const piece of readChunk(bodyOf([1, 1, 1], "end"), limits)) {
      bytes += piece.byteLength;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(bytes).toBe(3);
  });
});

/** Pieces of these lengths, `everyMs` apart. */
async function* bodyOf(
  pieces: number[],
  then: "end" | "hang",
  everyMs = 0,
): AsyncGenerator<Uint8Array> {
  for (const bytes of pieces) {
    if (everyMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    yield new Uint8Array(bytes);
  }
  if (then === "hang") await new Promise(() => undefined);
}
