import { createServer, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { SecureContextOptions } from "node:tls";
import { gzipSync } from "node:zlib";

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { checkLinkText } from "@/lib/domain/media-link";
import {
  TEST_AUTHORITY,
  TEST_CERTIFICATES,
  TEST_KEY,
} from "@/lib/testing/certificates";
import {
  portOf,
  recordDials,
  type RecordedDials,
} from "@/lib/testing/recorded-dials";
import { readSharedCases } from "@/lib/testing/shared-data";

import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "./address-rules";
import { createOutboundAgent } from "./connector";
import {
  fetchLink,
  LinkFailure,
  type FetchDeps,
  type FetchLimits,
} from "./fetch-link";

const PUBLIC = "93.184.216.34";
const PUBLIC_DEAD = "93.184.216.35";

type Case = { id: string; url: string };
type Answers = (string[] | "NXDOMAIN" | "TIMEOUT")[];
type Scenario = {
  id: string;
  dns: Record<string, Answers>;
  http: {
    url: string;
    status?: number;
    location?: string;
    headers?: Record<string, string>;
    tls?: string;
  };
};

let dials: RecordedDials;
const servers: Server[] = [];
const agents: { close(): Promise<void>; destroy(): Promise<void> }[] = [];

beforeAll(async () => {
  dials = await recordDials();
});
beforeEach(() => {
  dials.forget();
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => dials.stop());

/** Resolves names as a scenario says, one answer a look-up, the last for good. */
function resolverOf(dns: Record<string, Answers>) {
  const asked: string[] = [];
  async function resolve(hostname: string) {
    const answers = dns[hostname] ?? ["NXDOMAIN"];
    const turn = asked.filter((one) => one === hostname).length;
    asked.push(hostname);
    const answer = answers[Math.min(turn, answers.length - 1)];
    if (answer === "TIMEOUT") await new Promise(() => undefined);
    if (!Array.isArray(answer))
      throw Object.assign(new Error("not found"), { code: "ENOTFOUND" });
    return answer.map((text) => {
      const address = text
        .replace("PUBLIC-DEAD", PUBLIC_DEAD)
        .replace("PUBLIC", PUBLIC);
      return { address, family: address.includes(":") ? 6 : 4 };
    });
  }
  return { asked, resolve };
}

function depsOf(
  dns: Record<string, Answers>,
  more: Partial<FetchLimits> & { ports?: string } = {},
): FetchDeps & { asked: string[] } {
  const { ports = "80,443", ...limits } = more;
  const rules = createOutboundRules({
    allow: parseAddressList(""),
    deny: parseAddressList(""),
    ports: parsePortList(ports),
  });
  const { asked, resolve } = resolverOf(dns);
  const agent = createOutboundAgent({
    rules,
    resolve,
    connectMsMax: 300,
    authorities: TEST_AUTHORITY,
  });
  agents.push(agent);
  return {
    rules,
    agent,
    asked,
    limits: { answerMsMax: 1_000, idleMsMax: 500, ...limits },
  };
}

async function serve(
  answer: (response: ServerResponse, url: string, headers: object) => void,
  tls?: SecureContextOptions,
): Promise<void> {
  const server = tls ? createTlsServer(tls) : createServer();
  server.on(
    "request",
    (request: { url: string; headers: object }, response: ServerResponse) => {
      answer(response, request.url, request.headers);
    },
  );
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  dials.route(PUBLIC, tls ? 443 : 80, portOf(server));
}

async function outcomeOf(url: string, deps: FetchDeps, bytesMax = 1_000_000) {
  const signal = new AbortController().signal;
  try {
    const { body } = await fetchLink(url, { bytesMax, signal, deps });
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.byteLength;
    return { bytes };
  } catch (error) {
    if (!(error instanceof LinkFailure)) throw error;
    return error;
  }
}

const forbidden = () =>
  dials.dials.filter(({ address }) => ![PUBLIC, PUBLIC_DEAD].includes(address));

const urlCases = readSharedCases<Case>("hostile/ssrf-urls.jsonl");

it.each(urlCases)("$id: $url opens no connection", async ({ id, url }) => {
  await serve((response) => response.end("public"));
  const deps = depsOf(
    {
      "public.test": [["PUBLIC"]],
      "metadata.google.internal": [["169.254.169.254"]],
      "host.docker.internal": [["192.168.65.2"]],
    },
    // So that the address is what refuses it, and not the port.
    { ports: `80,443,${dials.trapPort}` },
  );
  const link = url.replaceAll("PORT", String(dials.trapPort));

  expect(await outcomeOf(link, deps), id).toMatchObject({
    code: "refused",
    isRetryable: false,
    status: undefined,
  });
  expect(dials.dials).toEqual([]);
  expect(dials.trapped).toBe(0);
});

it("refuses what is wrong with the text before anything is queued", () => {
  const texts = urlCases.filter(({ url }) => checkLinkText(url) !== undefined);
  expect(texts.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "scheme-11",
      "scheme-19",
      "scheme-24",
      "scheme-29",
      "scheme-30",
      "scheme-33",
      "userinfo-port-01",
      "userinfo-port-02",
      "userinfo-port-04",
      "userinfo-port-05",
    ]),
  );
});

const tlsOf: Record<string, SecureContextOptions> = {
  "self-signed": { key: TEST_KEY, cert: TEST_CERTIFICATES.selfSigned },
  "wrong host": { key: TEST_KEY, cert: TEST_CERTIFICATES.wrongHost },
  expired: { key: TEST_KEY, cert: TEST_CERTIFICATES.expired },
  "TLS 1.0": {
    key: TEST_KEY,
    cert: TEST_CERTIFICATES.valid,
    minVersion: "TLSv1",
    maxVersion: "TLSv1",
    ciphers: "DEFAULT@SECLEVEL=0",
  },
};

/** Made before: packing takes longer than an answer may on a busy machine. */
const LARGE_WHEN_UNPACKED = gzipSync(Buffer.alloc(20_000_000));

/** What the servers of the scenarios do beyond answering with status and headers. */
const behaviours: Record<string, (response: ServerResponse) => void> = {
  "dns-rebind-ttl0-retry": (response) => response.socket?.resetAndDestroy(),
  "remote-02": () => undefined,
  "remote-05": (response) => {
    response.setHeader("content-length", 1_000);
    response.write("abc", () => response.socket?.destroy());
  },
  "remote-07": (response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(LARGE_WHEN_UNPACKED);
  },
  "remote-17": (response) => {
    response.setHeader("content-type", "image/jpeg");
    response.end("<html><script>");
  },
};

const expected: Record<string, object> = {
  "dns-aaaa-loopback": { code: "refused" },
  "dns-6to4": { code: "refused" },
  "dns-mixed-dead-first": { code: "refused" },
  // A connection a time: the answer turns bad on the third and the eighth.
  "dns-rebind-2": { code: "refused" },
  "dns-rebind-7": { code: "refused" },
  "dns-rebind-ttl0-retry": { code: "refused" },
  "dns-nxdomain": { code: "unreachable", isRetryable: true },
  "dns-timeout": { code: "unreachable", isRetryable: true },
  "redirect-303-loopback": { code: "refused" },
  "redirect-307-loopback": { code: "refused" },
  "redirect-to-00": { code: "refused" },
  "redirect-to-04": { code: "refused" },
  "redirect-to-05": { code: "refused" },
  "redirect-to-08": { code: "refused" },
  "redirect-to-10": { code: "refused" },
  "redirect-to-11": { code: "refused" },
  "redirect-keeps-secret": { bytes: 2 },
  "remote-02": { code: "too_slow", isRetryable: true },
  "remote-05": { code: "cut_off", isRetryable: true },
  "remote-07": { code: "wrong_type", isRetryable: false },
  "remote-12": {
    code: "remote_status",
    status: 429,
    retryAfterMs: 2_000,
    isRetryable: true,
  },
  "remote-14": {
    code: "remote_status",
    status: 429,
    retryAfterMs: undefined,
    isRetryable: true,
  },
  // Stored, for serving goes by the content and not by this type.
  "remote-17": { bytes: 14 },
  "remote-21": { code: "insecure", isRetryable: false },
  "remote-22": { code: "insecure", isRetryable: false },
  "remote-23": { code: "insecure", isRetryable: false },
  "remote-24": { code: "insecure", isRetryable: false },
};

const scenarios = readSharedCases<Scenario>("hostile/ssrf-scenarios.jsonl");

it("knows what to expect of each scenario", () => {
  expect(scenarios.map(({ id }) => id).sort()).toEqual(
    Object.keys(expected).sort(),
  );
});

it.each(scenarios)("$id", async ({ id, dns, http }) => {
  const headersSeen: object[] = [];
  const answer = (response: ServerResponse, _url: string, headers: object) => {
    headersSeen.push(headers);
    response.shouldKeepAlive = false;
    const isFirst = headersSeen.length === 1;
    const location = http.location?.replace("PORT", String(dials.trapPort));
    for (const [name, value] of Object.entries(http.headers ?? {}))
      response.setHeader(name, value);
    const behave = behaviours[id];
    if (behave) behave(response);
    else if (location && isFirst)
      response.writeHead(http.status ?? 302, { location }).end();
    else response.writeHead(location ? 200 : (http.status ?? 200)).end("ok");
  };
  const tls = http.tls === undefined ? undefined : tlsOf[http.tls];
  await serve(answer, tls);
  const url = tls ? http.url.replace("http:", "https:") : http.url;
  const deps = depsOf(dns, { ports: `80,443,${dials.trapPort}` });
  const before = process.memoryUsage().rss;

  let outcome = await outcomeOf(url, deps);
  // As the queue does: each try resolves anew.
  for (let tries = 1; tries < 9 && id.startsWith("dns-rebind"); tries += 1)
    outcome = await outcomeOf(url, deps);

  expect(outcome).toMatchObject(expected[id] ?? {});
  expect(forbidden()).toEqual([]);
  expect(dials.trapped).toBe(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  for (const headers of headersSeen) {
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).not.toHaveProperty("referer");
  }
  if (outcome instanceof LinkFailure)
    expect(outcome.message).not.toMatch(/\d+\.\d+\.\d+|test|::/);
});

it("reaches good servers, by http and with a good certificate by https", async () => {
  await serve((response) => response.end("plain"));
  await serve((response) => response.end("sealed"), {
    key: TEST_KEY,
    cert: TEST_CERTIFICATES.valid,
  });
  const deps = depsOf({ "p.test": [["PUBLIC"]] });

  expect(await outcomeOf("http://p.test/x", deps)).toEqual({ bytes: 5 });
  expect(await outcomeOf("https://p.test/x", deps)).toEqual({ bytes: 6 });
  expect(await outcomeOf(`http://${PUBLIC}/x`, deps)).toEqual({ bytes: 5 });
});

it("follows a redirect to https, and none from there back to http", async () => {
  const p443 = { key: TEST_KEY, cert: TEST_CERTIFICATES.valid };
  await serve((response, url) => {
    if (url === "/end") response.end("plain");
    else response.writeHead(301, { location: "https://p.test/" }).end();
  });
  await serve((response, url) => {
    const location = url === "/down" ? "http://p.test/end" : undefined;
    if (location) response.writeHead(301, { location }).end();
    else response.end("sealed");
  }, p443);
  const deps = depsOf({ "p.test": [["PUBLIC"]] });

  expect(await outcomeOf("http://p.test/", deps)).toEqual({ bytes: 6 });
  const before = dials.dials.length;
  expect(await outcomeOf("https://p.test/down", deps)).toMatchObject({
    code: "refused",
  });
  const after = dials.dials.slice(before);
  expect(after.filter(({ port }) => port === 80)).toEqual([]);
});

it("checks the address that was reached once more", async () => {
  let requests = 0;
  await serve((response) => {
    requests += 1;
    response.end("x");
  });
  const [server] = servers;
  if (server) dials.route(PUBLIC, 80, portOf(server), "10.0.0.1");
  const deps = depsOf({ "p.test": [["PUBLIC"]] });

  expect(await outcomeOf("http://p.test/x", deps)).toMatchObject({
    code: "refused",
  });
  expect(dials.dials).toHaveLength(1);
  expect(requests).toBe(0);
});

it("uses a kept connection again for the same host only, and for no forbidden one", async () => {
  await serve((response) => response.end("x"));
  const deps = depsOf({
    "p.test": [["PUBLIC"], ["127.0.0.1"]],
    "q.test": [["127.0.0.1"]],
  });

  await outcomeOf("http://p.test/1", deps);
  await sleep(0);
  await outcomeOf("http://p.test/2", deps);
  expect(dials.dials).toEqual([{ address: PUBLIC, port: 80 }]);
  expect(await outcomeOf("http://q.test/", deps)).toMatchObject({
    code: "refused",
  });
  expect(forbidden()).toEqual([]);
});

it("ignores proxy settings of the environment", async () => {
  const trap = `http://127.0.0.1:${dials.trapPort}`;
  const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = trap;
  process.env["NODE_USE_ENV_PROXY"] = "1";
  try {
    await serve((response) => response.end("direct"));
    const deps = depsOf({ "p.test": [["PUBLIC"]] });
    expect(await outcomeOf("http://p.test/", deps)).toEqual({ bytes: 6 });
    expect(dials.trapped).toBe(0);
  } finally {
    delete process.env["NODE_USE_ENV_PROXY"];
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  }
});
