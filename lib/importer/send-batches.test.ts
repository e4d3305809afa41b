import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, test, vi } from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { TableBatch } from "@/lib/domain/table-batch";

import { createBatchSender, type SenderSettings } from "./send-batches";
import { sendRun } from "./send-run";

type Answer = {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
};
type Received = {
  sequence: number;
  tabId: string | undefined;
  batch: TableBatch;
};

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers with what `answer` says; `undefined` hangs up in the middle. */
async function serve(
  answer: (received: Received) => Answer | undefined,
): Promise<{ base: string; received: Received[] }> {
  const received: Received[] = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const one: Received = {
        sequence: Number(request.url?.split("/").at(-1)),
        tabId: request.headers["x-tab-id"]?.toString(),
        batch: JSON.parse(Buffer.concat(parts).toString()) as TableBatch,
      };
      received.push(one);
      const reply = answer(one);
      if (!reply) return response.destroy();
      response.writeHead(reply.status, reply.headers);
      response.end(JSON.stringify(reply.body ?? {}));
    });
  });
  const listening = server;
  await new Promise<void>((resolve) =>
    listening.listen(0, "127.0.0.1", resolve),
  );
  return {
    base: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    received,
  };
}

const batch = (sequence: number): TableBatch => ({
  firstRow: sequence + 1,
  lastRow: sequence + 1,
  columns: [["name", ""]],
  rows: [[`k${sequence}`, 0, "å"]],
});

function setUp(base: string, more: Partial<SenderSettings> = {}) {
  const sent: number[] = [];
  const waits: number[] = [];
  const waiting: boolean[] = [];
  const stopping = new AbortController();
  const sender = createBatchSender({
    url: (sequence) => `${base}/batches/${sequence}`,
    headers: { "x-tab-id": "tab" },
    inFlightMax: 3,
    fetch,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 1,
    untilResumed: () => Promise.resolve(),
    signal: stopping.signal,
    onSent: ({ sequence }) => void sent.push(sequence),
    onWaiting: (isWaiting) => void waiting.push(isWaiting),
    ...more,
  });
  return { sender, sent, waits, waiting, stopping };
}

describe("createBatchSender", () => {
  test("sends every batch once when all is well", async () => {
    const { base, received } = await serve(() => ({ status: 200 }));
    const { sender, sent, waiting } = setUp(base);
    for (let n = 1; n <= 10; n++) await sender.send(batch(n), n);
    await sender.finish();
    expect(sent.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(received.map(({ batch }) => batch)).toContainEqual(batch(7));
    expect(received.every(({ tabId }) => tabId === "tab")).toBe(true);
    expect(waiting).toEqual([]);
  });

  test("goes on through hang-ups, 408, 429 and 5xx until each batch is taken", async () => {
    const tries = new Map<number, number>();
    const bad = [undefined, 503, 429, 408, 502, undefined, 500];
    const { base } = await serve(({ sequence }) => {
      const n = tries.get(sequence) ?? 0;
      tries.set(sequence, n + 1);
      if (n >= bad.length) return { status: 200 };
      const status = bad[n];
      return status === undefined ? undefined : { status };
    });
    const { sender, sent, waiting } = setUp(base, { inFlightMax: 1 });
    for (let n = 1; n <= 3; n++) await sender.send(batch(n), n);
    await sender.finish();
    expect(sent).toEqual([1, 2, 3]);
    expect([...tries.values()]).toEqual([8, 8, 8]);
    expect(waiting).toEqual([true, false, true, false, true, false]);
  });

  test("waits as long as Retry-After says, and with growing jitter otherwise", async () => {
    let n = 0;
    const { base } = await serve(() => {
      n += 1;
      if (n === 1) return { status: 429, headers: { "retry-after": "7" } };
      return { status: n < 4 ? 503 : 200 };
    });
    const { sender, waits } = setUp(base);
    await sender.send(batch(1), 1);
    await sender.finish();
    expect(waits).toEqual([7_250, 500, 1_000]);
  });

  test("ends with the server's sentence when a batch is refused", async () => {
    const error = { code: "conflict", message: "Another tab sends this run." };
    const { base, received } = await serve(() => ({
      status: 409,
      body: { error },
    }));
    const { sender, sent } = setUp(base, { inFlightMax: 1 });
    await sender.send(batch(1), 1);
    await expect(sender.send(batch(2), 2)).rejects.toThrow(
      "Another tab sends this run.",
    );
    await expect(sender.finish()).rejects.toThrow(AppError);
    expect(received).toHaveLength(1);
    expect(sent).toEqual([]);
  });

  test("makes a sentence of its own when a proxy refuses", async () => {
    const { base } = await serve(() => ({ status: 413, body: "<html>" }));
    const { sender } = setUp(base);
    await sender.send(batch(4), 4);
    await expect(sender.finish()).rejects.toThrow(
      "The server refused batch 4 (status 413).",
    );
  });

  test("never has more on the way than allowed", async () => {
    let open = 0;
    let most = 0;
    const slow: typeof fetch = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return new Response("{}");
    };
    for (const inFlightMax of [1, 3]) {
      most = 0;
      const { sender } = setUp("http://x", { fetch: slow, inFlightMax });
      for (let n = 1; n <= 20; n++) await sender.send(batch(n), n);
      await sender.finish();
      expect(most).toBe(inFlightMax);
    }
  });

  test("sends nothing while paused, and goes on when resumed", async () => {
    const { base, received } = await serve(() => ({ status: 200 }));
    let resume = () => {};
    const paused = new Promise<void>((resolve) => (resume = resolve));
    const { sender, sent } = setUp(base, { untilResumed: () => paused });
    const sending = sender.send(batch(1), 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(received).toEqual([]);
    resume();
    await sending;
    await sender.finish();
    expect(sent).toEqual([1]);
  });

  test("stops waiting for a server that is away when told to stop", async () => {
    const { base } = await serve(() => ({ status: 503 }));
    const { sender, stopping } = setUp(base, {
      sleep: () => {
        stopping.abort();
        return Promise.resolve();
      },
    });
    await sender.send(batch(1), 1);
    await expect(sender.finish()).rejects.toThrow();
  });
});

describe("a stop while the server hangs", () => {
  afterEach(() => void vi.useRealTimers());

  test("gives up on what is on its way after some seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const hanging: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () =>
          reject(new Error("aborted")),
        );
      });
    const { sender, stopping } = setUp("http://x", { fetch: hanging });
    await sender.send(batch(1), 1);
    const finished = expect(sender.finish()).rejects.toThrow();
    stopping.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    await finished;
  });
});

describe("sendRun", () => {
  const rows = Array.from({ length: 4_500 }, (_, i) => `k${i},v${i}`);
  const file = new Blob([["key,v", ...rows].join("\n")]);
  const job = {
    file,
    options: {
      encoding: "utf-8",
      delimiter: ",",
      headerRow: 1,
      quotes: "standard" as const,
    },
    mapping: {
      columns: [
        { as: "key" as const, property: null },
        {
          as: "property" as const,
          id: "v",
          language: "",
          emptyCell: "skip" as const,
        },
      ],
      keySeparator: "-",
      repeatedKeys: "merge" as const,
    },
  };

  test("passes over what the server has, so that a resumed run sends the rest", async () => {
    const { base, received } = await serve(() => ({ status: 200 }));
    const { sender } = setUp(base);
    const skipped: number[] = [];
    await sendRun({
      ...job,
      sender,
      appliedSequences: [1, 2, 4],
      onSkipped: ({ sequence }) => void skipped.push(sequence),
    });
    expect(skipped).toEqual([1, 2, 4]);
    expect(received.map(({ sequence }) => sequence).sort()).toEqual([3, 5]);
    const third = received.find(({ sequence }) => sequence === 3)?.batch;
    expect(third?.rows[0]).toEqual(["k2000", 0, "v2000"]);
    expect([third?.firstRow, third?.lastRow]).toEqual([2_002, 3_001]);
  });

  test("ends when a batch is refused, after what was on its way has arrived", async () => {
    const error = { code: "conflict", message: "The run is cancelled." };
    const { base } = await serve(({ sequence }) =>
      sequence === 2 ? { status: 409, body: { error } } : { status: 200 },
    );
    const { sender, sent } = setUp(base);
    const sending = sendRun({
      ...job,
      sender,
      appliedSequences: [],
      onSkipped: () => {},
    });
    await expect(sending).rejects.toThrow("The run is cancelled.");
    expect(sent).toContain(1);
  });
});
