import { describe, expect, test } from "vitest";

import type { Failure } from "@/lib/domain/errors";
import type { LinkBatch } from "@/lib/domain/media-page";

import type { OutboxRecord } from "./media-outbox";
import { sendSubmission, type SendState } from "./media-sender";

const record = (links: number, answered = 0): OutboxRecord => ({
  submissionId: "s",
  owner: "tenant/person",
  createdAt: "2026-01-01T00:00:00Z",
  links: Array.from({ length: links }, (_, position) => ({
    ...{ position, link: `https://a/${position}`, filename: "a.jpg" },
    ...{ uniqueIdentifier: null, replaces: null },
  })),
  ...{ answered, refused: [], reused: 0 },
});

/** Sends; `answer` gives a failure, "lost" for no answer, or nothing for success. */
async function run(
  start: OutboxRecord,
  answer: (request: number) => Failure | "lost" | undefined = () => undefined,
) {
  const batches: LinkBatch[] = [];
  const states: SendState[] = [];
  const waits: number[] = [];
  let kept = start;
  await sendSubmission({
    record: start,
    send: (batch) => {
      batches.push(batch);
      const said = answer(batches.length - 1);
      if (said === "lost") return Promise.reject(new Error("offline"));
      if (said) return Promise.resolve({ ok: false, error: said });
      const [first] = batch.links;
      const refused = [{ position: first?.position ?? 0, message: "taken" }];
      return Promise.resolve({ ok: true, data: { refused } });
    },
    keep: (next) => Promise.resolve((kept = next)),
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    onChange: (state) => states.push(state),
    signal: new AbortController().signal,
  });
  const positions = batches.map(({ links }) => [
    links[0]?.position,
    links.at(-1)?.position,
  ]);
  return { positions, waits, kept, last: states.at(-1), states };
}

describe("sendSubmission", () => {
  test("sends 50 after 50 and keeps each step", async () => {
    const { positions, kept, last } = await run(record(120));
    expect(positions).toEqual([
      [0, 49],
      [50, 99],
      [100, 119],
    ]);
    expect(kept.answered).toBe(120);
    expect(kept.refused.map(({ position }) => position)).toEqual([0, 50, 100]);
    expect(last).toMatchObject({ isSending: false, problem: null });
  });

  test("goes on where it was left", async () => {
    const { positions } = await run(record(120, 100));
    expect(positions).toEqual([[100, 119]]);
  });

  test("sends a batch again while the server is away, waiting longer each time", async () => {
    const { positions, waits, states } = await run(record(60), (request) =>
      request === 0
        ? "lost"
        : request === 1
          ? { code: "unavailable", message: "away" }
          : undefined,
    );
    expect(positions).toEqual([
      [0, 49],
      [0, 49],
      [0, 49],
      [50, 59],
    ]);
    expect(waits).toEqual([1_000, 2_000]);
    expect(states.some(({ isWaiting }) => isWaiting)).toBe(true);
  });

  test("waits as long as the server asks for", async () => {
    const { waits } = await run(record(1), (request) =>
      request === 0
        ? { code: "rate_limited", message: "busy", retryAfterSeconds: 7 }
        : undefined,
    );
    expect(waits).toEqual([7_000]);
  });

  test("stops where the server refuses, and says why", async () => {
    const { positions, last, kept } = await run(record(60), () => ({
      code: "forbidden",
      message: "This needs the role editor.",
    }));
    expect(positions).toHaveLength(1);
    expect(last?.problem).toBe("This needs the role editor.");
    expect(kept.answered).toBe(0);
  });
});
