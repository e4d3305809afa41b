import { describe, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";

import { readJsonBytes } from "./request-body";

function sent(
  body: ReadableStream<Uint8Array> | string,
  headers: Record<string, string> = {},
): Request {
  return new Request("http://ingest.test/", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    duplex: "half",
  } as RequestInit);
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof AppError ? error.code : "other"),
  );

describe("readJsonBytes", () => {
  test("reads a body up to the limit and not one byte more", async () => {
    const bytesMax = 10;
    expect(
      await codeOf(readJsonBytes(sent("x".repeat(10)), { bytesMax })),
    ).toBe("none");
    expect(
      await codeOf(readJsonBytes(sent("x".repeat(11)), { bytesMax })),
    ).toBe("too_large");
  });

  test("does not read a body that says it is too large", async () => {
    const never = new ReadableStream<Uint8Array>();
    const headers = { "content-length": "11" };
    const work = readJsonBytes(sent(never, headers), { bytesMax: 10 });
    expect(await codeOf(work)).toBe("too_large");
  });

  test("stops reading an endless body at the limit", async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    const work = readJsonBytes(sent(endless), { bytesMax: 10_000 });
    expect(await codeOf(work)).toBe("too_large");
    expect(pulls).toBeLessThan(200);
  });

  test("refuses a body that is shorter than it says, or breaks off", async () => {
    const headers = { "content-length": "9" };
    const bytesMax = 10;
    expect(await codeOf(readJsonBytes(sent("x", headers), { bytesMax }))).toBe(
      "invalid_input",
    );
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("reset")),
    });
    expect(await codeOf(readJsonBytes(sent(broken), { bytesMax }))).toBe(
      "invalid_input",
    );
  });

  test("gives up on a sender that is too slow", async () => {
    const silent = new ReadableStream<Uint8Array>();
    const work = readJsonBytes(sent(silent), { bytesMax: 10, msMax: 20 });
    expect(await codeOf(work)).toBe("invalid_input");
  });

  test("tells of bytes as they come, and stops when there is no room", async () => {
    let held = 0;
    const hold = (bytes: number) => {
      held += bytes;
      if (held > 5) throw new AppError("rate_limited", "full");
    };
    const work = readJsonBytes(sent("x".repeat(9)), { bytesMax: 10, hold });
    expect(await codeOf(work)).toBe("rate_limited");
  });

  test.each([
    ["application/json", "none"],
    ["application/json; charset=utf-8", "none"],
    ['Application/JSON;charset="UTF-8"', "none"],
    ["application/vnd.shop+json", "none"],
    ["", "none"],
    ["text/plain", "unsupported_media_type"],
    ["application/x-www-form-urlencoded", "unsupported_media_type"],
    ["application/json; charset=latin1", "unsupported_media_type"],
  ])("answers content type %j with %s", async (type, expected) => {
    const work = readJsonBytes(sent("{}", { "content-type": type }), {
      bytesMax: 10,
    });
    expect(await codeOf(work)).toBe(expected);
  });
});
