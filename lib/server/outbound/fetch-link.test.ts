import {
  createServer as createHttpServer,
  type RequestListener,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, describe, expect, it } from "vitest";

import { portOf } from "@/lib/testing/recorded-dials";

import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "./address-rules";
import { createOutboundAgent } from "./connector";
import {
  checkLinkPolicy,
  fetchLink,
  hostOf,
  LinkFailure,
  type FetchLimits,
  type FetchOptions,
} from "./fetch-link";

const rules = createOutboundRules({
  allow: parseAddressList("127.0.0.1"),
  deny: parseAddressList(""),
  ports: parsePortList("1-65535"),
});
const servers: Server[] = [];
const sockets = new Set<Socket>();
const agents: { destroy(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0))
    await new Promise((resolve) => server.close(resolve));
});

async function start(server: Server): Promise<string> {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return `http://127.0.0.1:${portOf(server)}`;
}

const serve = (listener: RequestListener) => start(createHttpServer(listener));

/** A server that speaks no HTTP of its own: it is given the socket once asked. */
const serveRaw = (answer: (socket: Socket) => void) =>
  start(
    createServer((socket) => {
      socket.once("data", () => {
        answer(socket);
      });
    }),
  );

function open(
  link: string,
  {
    limits = {},
    ...more
  }: Partial<FetchOptions> & { limits?: Partial<FetchLimits> } = {},
) {
  const agent = createOutboundAgent({ rules, connectMsMax: 500 });
  agents.push(agent);
  return fetchLink(link, {
    bytesMax: 1_000,
    signal: new AbortController().signal,
    deps: { rules, agent, limits },
    ...more,
  });
}

async function read(...args: Parameters<typeof open>): Promise<string> {
  const { body } = await open(...args);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failureOf(
  ...args: Parameters<typeof open>
): Promise<LinkFailure> {
  const error: unknown = await read(...args).then(
    (text) => new Error(`It was fetched: ${text}`),
    (reason: unknown) => reason,
  );
  if (error instanceof LinkFailure) return error;
  throw error;
}

describe("what is asked", () => {
  it("escapes links as browsers do, and sends little about us", async () => {
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url, request.headers);
      response.end("x");
    });
    await read(`${url}/pic ä.jpg?x=1 å&y=%20#part`);

    expect(asked).toEqual([
      "/pic%20%C3%A4.jpg?x=1%20%C3%A5&y=%20",
      {
        host: url.slice("http://".length),
        connection: "keep-alive",
        accept: "*/*",
        "accept-encoding": "identity",
        "user-agent": "SourceStudio",
      },
    ]);
  });

  it("names the host and port of a link, for limits per host", () => {
    expect(hostOf("https://EXAMPLE.com./a")).toBe("example.com:443");
    expect(hostOf("http://a.test:8080/")).toBe("a.test:8080");
    expect(hostOf("http://0x7f.1/")).toBe("127.0.0.1:80");
    expect(hostOf("nonsense")).toBe("");
  });

  it("tells people before they send what the text of a link gives away", () => {
    expect(checkLinkPolicy("https://example.com/a.jpg")).toBeUndefined();
    expect(checkLinkPolicy("http://10.0.0.1/a.jpg")).toMatch(/not public/);
    expect(checkLinkPolicy("http://a.test:22/")).toMatch(/Port 22/);
    expect(checkLinkPolicy("ftp://a.test/")).toMatch(/does not begin/);
  });
});

describe("what is taken", () => {
  it("gives size and type as the server says them, and the bytes", async () => {
    const url = await serve((_request, response) => {
      response.setHeader("content-type", "Image/PNG; charset=x");
      response.setHeader("content-length", 5);
      response.end("bytes");
    });
    const { totalBytes, contentType } = await open(url);
    expect({ totalBytes, contentType }).toEqual({
      totalBytes: 5,
      contentType: "image/png",
    });
    expect(await read(url)).toBe("bytes");
  });

  it("knows no size of a chunked answer, and no type that is none", async () => {
    const url = await serve((_request, response) => {
      response.setHeader("content-type", "image");
      response.write("a");
      response.end("b");
    });
    const file = await open(url);
    expect(file).toMatchObject({
      totalBytes: undefined,
      contentType: undefined,
    });
    expect(await read(url)).toBe("ab");
  });

  it("refuses a size above the limit before it reads, and real bytes above it at once", async () => {
    let sent = 0;
    const declared = await serve((_request, response) => {
      response.setHeader("content-length", 1_001);
      response.flushHeaders();
    });
    const endless = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000)))
          sent += 1_000;
      };
      response.on("drain", more);
      more();
    });
    expect(await failureOf(declared)).toMatchObject({ code: "too_large" });
    expect(await failureOf(endless)).toMatchObject({ code: "too_large" });
    expect(sent).toBeLessThan(20_000_000);

    const exact = await serve((_request, response) => {
      response.end("x".repeat(1_000));
    });
    expect(await read(exact)).toHaveLength(1_000);
    expect(await failureOf(exact, { bytesMax: 999 })).toMatchObject({
      code: "too_large",
    });
  });

  it("takes no empty answer", async () => {
    const none = await serve((_request, response) => {
      response.writeHead(204).end();
    });
    const zero = await serve((_request, response) => {
      response.setHeader("content-length", 0);
      response.end();
    });
    const chunked = await serve((_request, response) => {
      response.flushHeaders();
      response.end();
    });
    for (const url of [none, zero, chunked])
      expect(await failureOf(url)).toMatchObject({
        code: "empty",
        isRetryable: false,
      });
  });

  it("takes no packed answer, and a web page only where one is expected", async () => {
    for (const coding of ["gzip", "br", "identity, gzip", "x"]) {
      const url = await serve((_request, response) => {
        response.setHeader("content-encoding", coding);
        response.end("packed");
      });
      expect(await failureOf(url)).toMatchObject({ code: "wrong_type" });
    }
    for (const type of [
      "text/html",
      "TEXT/HTML;image/png",
      "application/xhtml+xml",
    ]) {
      const url = await serve((_request, response) => {
        response.setHeader("content-type", type);
        response.end("<html>");
      });
      expect(await failureOf(url)).toMatchObject({ code: "wrong_type" });
      expect(await read(url, { isPageExpected: true })).toBe("<html>");
    }
  });

  it("takes nothing of an answer that is cut off", async () => {
    const cut = await serveRaw((socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    });
    const cutChunk = await serveRaw((socket) => {
      socket.end(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf",
      );
    });
    const reset = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", () => {
        socket.resetAndDestroy();
      });
    });
    for (const url of [cut, cutChunk, reset])
      expect(await failureOf(url)).toMatchObject({
        code: "cut_off",
        isRetryable: true,
      });
  });

  it("takes an answer that ends with its connection", async () => {
    const url = await serveRaw((socket) => {
      socket.end("HTTP/1.0 200 OK\r\n\r\nold style");
    });
    expect(await read(url)).toBe("old style");
  });
});

describe("other answers", () => {
  it("passes on the status and how long to wait", async () => {
    const url = await serve((request, response) => {
      response.setHeader("retry-after", "7");
      response.writeHead(Number(request.url?.slice(1))).end("SECRET");
    });
    for (const status of [206, 300, 304, 400, 401, 404, 429, 500, 503]) {
      const failure = await failureOf(`${url}/${status}`);
      expect(failure).toMatchObject({
        code: "remote_status",
        status,
        retryAfterMs: 7_000,
        isRetryable: status === 429 || status >= 500,
      });
      expect(failure.message).not.toContain("SECRET");
    }
  });

  it("says nothing about what is no HTTP, or too much of it", async () => {
    const banner = await serveRaw((socket) => {
      socket.end("SSH-2.0-OpenSSH_9.2\r\n");
    });
    const headers = await serveRaw((socket) => {
      socket.end(
        `HTTP/1.1 200 OK\r\n${`x: ${"y".repeat(1_000)}\r\n`.repeat(20)}\r\n`,
      );
    });
    const closed = createServer();
    const gone = await start(closed);
    await new Promise((resolve) => closed.close(resolve));
    for (const url of [banner, headers, gone]) {
      const failure = await failureOf(url);
      expect(failure).toMatchObject({ code: "unreachable", isRetryable: true });
      expect(failure.message).toBe("The link was not fetched: unreachable.");
    }
  });
});

describe("redirects", () => {
  it("are followed three times, with paths of their own", async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: `./${left - 1}` }).end();
    });
    expect(await read(`${url}/3`)).toBe("there");
    expect(await failureOf(`${url}/4`)).toMatchObject({
      code: "remote_status",
      status: 302,
      isRetryable: false,
    });
  });

  it("lead nowhere without one readable target", async () => {
    for (const location of [undefined, "http://[", ["/a", "/b"]]) {
      const url = await serve((_request, response) => {
        if (location) response.setHeader("location", location);
        response.writeHead(301).end();
      });
      expect(await failureOf(url)).toMatchObject({
        code: "remote_status",
        status: 301,
      });
    }
  });

  it("may name their target in raw UTF-8", async () => {
    const url = await serveRaw((socket) => {
      socket.end(
        Buffer.from(
          "HTTP/1.1 302 Found\r\nlocation: /å.jpg\r\nconnection: close\r\n\r\n",
        ),
      );
    });
    const [server] = servers;
    const asked: string[] = [];
    server?.on("connection", (socket: Socket) => {
      socket.on("data", (data) => asked.push(String(data).split(" ")[1] ?? ""));
    });
    await failureOf(url);
    expect(asked).toEqual(["/", ...Array<string>(3).fill("/%C3%A5.jpg")]);
  });

  it("do not keep a body that never ends", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/to") response.end("there");
      else {
        response.writeHead(302, { location: "/to" });
        response.write("more to come");
      }
    });
    expect(await read(url)).toBe("there");
  });
});

describe("slow servers", () => {
  it("are given up when the answer does not begin, 1xx or not", async () => {
    const silent = await serveRaw(() => undefined);
    const flood = await serveRaw((socket) => {
      const timer = setInterval(() => {
        socket.write(
          "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(100),
        );
      }, 1);
      socket.on("close", () => {
        clearInterval(timer);
      });
    });
    const drip = await serveRaw((socket) => {
      const timer = setInterval(() => socket.write("H"), 10);
      socket.on("close", () => {
        clearInterval(timer);
      });
    });
    for (const url of [silent, flood])
      expect(
        await failureOf(url, { limits: { answerMsMax: 200 } }),
      ).toMatchObject({ code: "too_slow", isRetryable: true });
    expect(await failureOf(drip)).toMatchObject({ code: "unreachable" });
    await expectNoSockets();
  });

  it("are given up in the middle: when silent, when they drip, and in the end", async () => {
    const url = await serve((request, response) => {
      response.write("a");
      if (request.url === "/silent") return;
      const timer = setInterval(() => response.write("b"), 5);
      response.on("close", () => {
        clearInterval(timer);
      });
    });
    const cases = {
      silent: { idleMsMax: 100 },
      drip: { rateGraceMs: 150 },
      total: { bodyMsMax: 150, bytesPerSecondMin: 1 },
    };
    for (const [path, limits] of Object.entries(cases))
      expect(await failureOf(`${url}/${path}`, { limits }), path).toMatchObject(
        { code: "too_slow" },
      );
    await expectNoSockets();
  });

  it("are not blamed for our own slowness", async () => {
    const url = await serve((_request, response) => {
      response.end("x".repeat(500));
    });
    const { body } = await open(url, {
      limits: { idleMsMax: 100, rateGraceMs: 100, bodyMsMax: 100 },
    });
    let bytes = 0;
    for await (const chunk of body) {
      await sleep(200);
      bytes += chunk.byteLength;
    }
    expect(bytes).toBe(500);
  });
});

describe("stopping", () => {
  const reason = new Error("The worker stops.");

  it("ends with the caller's reason, before, during and after the answer began", async () => {
    const silent = await serveRaw(() => undefined);
    const begun = await serve((_request, response) => {
      response.write("a");
    });
    await expect(
      open(silent, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);

    const waiting = new AbortController();
    const answer = open(silent, { signal: waiting.signal });
    waiting.abort(reason);
    await expect(answer).rejects.toBe(reason);

    const reading = new AbortController();
    const { body } = await open(begun, { signal: reading.signal });
    await expect(
      (async () => {
        for await (const chunk of body)
          if (chunk.byteLength > 0) reading.abort(reason);
      })(),
    ).rejects.toBe(reason);
    await expectNoSockets();
  });

  it("closes the connection when the reader stops early", async () => {
    const url = await serve((_request, response) => {
      response.write("a");
    });
    const { body } = await open(url);
    for await (const chunk of body) if (chunk.byteLength > 0) break;
    await expectNoSockets();
  });
});

/** All connections to the test's servers have ended. */
async function expectNoSockets(): Promise<void> {
  await expect.poll(() => sockets.size).toBe(0);
}
