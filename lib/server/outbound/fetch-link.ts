import "server-only";

import { isUtf8 } from "node:buffer";

import { request, type Dispatcher } from "undici";

import { checkLinkText } from "@/lib/domain/media-link";

import { hostnameOf, portOf, type OutboundRules } from "./address-rules";
import { appOutbound } from "./app-outbound";
import { watchFetch, type FetchWatch } from "./fetch-watch";
import { LinkFailure, readRetryAfter, toLinkFailure } from "./link-failure";

export { LinkFailure } from "./link-failure";

export type FetchedLink = {
  /** What the remote server says the file has. */
  totalBytes: number | undefined;
  /** Such as `image/png`: without parameters, in lower case. Only what the remote server says. */
  contentType: string | undefined;
  /** The file as it was sent. Read it to its end, or stop: that closes the connection. */
  body: AsyncIterable<Uint8Array>;
};

export type FetchOptions = {
  /** The largest file that is taken, in bytes. */
  bytesMax: number;
  /** Stops the fetch at any time; it then fails with the signal's reason and not with a `LinkFailure`. */
  signal: AbortSignal;
  /** Take an answer of type HTML too: the file is meant to be a page. */
  isPageExpected?: boolean;
  deps?: FetchDeps;
};

export type FetchDeps = {
  rules: OutboundRules;
  agent: Dispatcher;
  limits?: Partial<FetchLimits>;
};

export type FetchLimits = { [limit in keyof typeof FETCH_LIMITS]: number };

/** Times in milliseconds of waiting for the remote server. */
export const FETCH_LIMITS = {
  redirectsMax: 3,
  /** From the start to the headers of the last answer, redirects included. */
  answerMsMax: 30_000,
  /** Without a byte. */
  idleMsMax: 30_000,
  /** Before the average rate counts, and how low it may be. */
  rateGraceMs: 30_000,
  bytesPerSecondMin: 8_192,
  bodyMsMax: 2 * 60 * 60_000,
} as const;

const HEADERS = {
  accept: "*/*",
  "accept-encoding": "identity",
  "user-agent": "SourceStudio",
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PAGE_TYPES = new Set(["text/html", "application/xhtml+xml"]);
const TYPE = /^\s*([\w.+-]{1,64}\/[\w.+-]{1,128})\s*(?:;|$)/;

type Answer = Dispatcher.ResponseData;

/**
 * Fetches what a link leads to, under the outbound rules: they hold for each
 * redirect too, of which there may be three, none from https to http. Sends no
 * credentials, cookies or referrer, and takes the file as it is: no packed
 * answers, no parts, no web pages unless one is expected.
 *
 * @throws {LinkFailure} also from inside `body`. When that throws, what came
 *   before is worth nothing.
 */
export async function fetchLink(
  link: string,
  options: FetchOptions,
): Promise<FetchedLink> {
  options.signal.throwIfAborted();
  if (checkLinkText(link) !== undefined) throw new LinkFailure("refused");
  const { rules, agent, limits }: FetchDeps = options.deps ?? appOutbound();
  const fetch: Fetch = {
    rules,
    agent,
    limits: { ...FETCH_LIMITS, ...limits },
    watch: watchFetch(options.signal),
    bytesMax: options.bytesMax,
    isPageExpected: options.isPageExpected ?? false,
  };
  try {
    const answer = await fetch.watch.wait(
      fetch.limits.answerMsMax,
      follow(fetch, new URL(link)),
    );
    return fileOf(fetch, answer);
  } catch (error) {
    fetch.watch.end();
    options.signal.throwIfAborted();
    throw toLinkFailure(error, "answer");
  }
}

/** The host and port of a link, such as `example.com:443`: what limits per host count by. Empty for a text that is no link. */
export function hostOf(link: string): string {
  if (!URL.canParse(link)) return "";
  const url = new URL(link);
  return `${hostnameOf(url)}:${portOf(url)}`;
}

/**
 * Why a link will not be fetched here, as a sentence, as far as its text
 * tells: scheme, port, denied host, written-out address. For people who check
 * a list before they send it.
 */
export function checkLinkPolicy(link: string): string | undefined {
  return checkLinkText(link) ?? appOutbound().rules.problemOf(new URL(link));
}

type Fetch = {
  rules: OutboundRules;
  agent: Dispatcher;
  limits: FetchLimits;
  watch: FetchWatch;
  bytesMax: number;
  isPageExpected: boolean;
};

async function follow(fetch: Fetch, link: URL): Promise<Answer> {
  let url = link;
  for (let redirects = 0; ; redirects += 1) {
    if (fetch.rules.problemOf(url) !== undefined)
      throw new LinkFailure("refused");
    const answer = await request(url, {
      dispatcher: fetch.agent,
      headers: HEADERS,
      signal: fetch.watch.signal,
    });
    // A stream that is ended early says so as an error, to nobody.
    answer.body.on("error", () => undefined);
    if (!REDIRECTS.has(answer.statusCode)) return answer;
    answer.body.destroy();
    url = nextUrl(answer, url);
    if (redirects >= fetch.limits.redirectsMax) throw statusFailure(answer);
  }
}

function nextUrl(answer: Answer, from: URL): URL {
  const { location } = answer.headers;
  if (typeof location !== "string") throw statusFailure(answer);
  const target = rawText(location);
  if (!URL.canParse(target, from.href)) throw statusFailure(answer);
  const next = new URL(target, from.href);
  if (from.protocol === "https:" && next.protocol === "http:")
    throw new LinkFailure("refused");
  return next;
}

/** Headers are read a byte a character; servers that escape nothing mean UTF-8. */
function rawText(header: string): string {
  const bytes = Buffer.from(header, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : header;
}

function fileOf(fetch: Fetch, answer: Answer): FetchedLink {
  try {
    const { "content-type": type, "content-length": length } = answer.headers;
    const contentType =
      typeof type === "string"
        ? TYPE.exec(type)?.[1]?.toLowerCase()
        : undefined;
    const totalBytes =
      typeof length === "string" && /^\d+$/.test(length)
        ? Number(length)
        : undefined;
    checkAnswer(fetch, answer, totalBytes);
    if (!fetch.isPageExpected && PAGE_TYPES.has(contentType ?? ""))
      throw new LinkFailure("wrong_type");
    return {
      totalBytes,
      contentType,
      body: readBody(fetch, answer, totalBytes),
    };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

function checkAnswer(
  { bytesMax }: Fetch,
  answer: Answer,
  totalBytes: number | undefined,
): void {
  const { statusCode, headers } = answer;
  if (statusCode === 204 || statusCode === 205) throw new LinkFailure("empty");
  // 203 is a 200 that a proxy changed; a 206 would be a part that nobody asked for.
  if (statusCode !== 200 && statusCode !== 203) throw statusFailure(answer);
  const coding = headers["content-encoding"] ?? "identity";
  if (typeof coding !== "string" || !/^(identity)?$/i.test(coding.trim()))
    throw new LinkFailure("wrong_type");
  if (totalBytes === undefined) return;
  if (totalBytes === 0) throw new LinkFailure("empty");
  if (totalBytes > bytesMax) throw new LinkFailure("too_large");
}

function statusFailure({ statusCode, headers }: Answer): LinkFailure {
  const retryAfterMs = readRetryAfter(headers["retry-after"], Date.now());
  return new LinkFailure("remote_status", {
    status: statusCode,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

async function* readBody(
  { watch, limits, bytesMax }: Fetch,
  { body }: Answer,
  totalBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let bytes = 0;
  let waitedMs = 0;

  async function next(): Promise<Uint8Array | undefined> {
    const paidMs =
      limits.rateGraceMs + (bytes / limits.bytesPerSecondMin) * 1_000;
    const leftMs = Math.min(paidMs, limits.bodyMsMax) - waitedMs;
    const startedAt = performance.now();
    const step = await watch.wait(
      Math.min(leftMs, limits.idleMsMax),
      chunks.next(),
    );
    waitedMs += performance.now() - startedAt;
    return step.done ? undefined : step.value;
  }

  try {
    for (;;) {
      const chunk = await next().catch((error: unknown) => {
        throw bodyError(error, watch.signal);
      });
      if (chunk === undefined) break;
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw new LinkFailure("too_large");
      yield chunk;
    }
    if (bytes === 0) throw new LinkFailure("empty");
    if (totalBytes !== undefined && bytes !== totalBytes)
      throw new LinkFailure("cut_off");
  } finally {
    watch.end();
    body.destroy();
  }
}

/** What the fetch was stopped with, where it was stopped; it may be the caller's own reason. */
function bodyError(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : toLinkFailure(error, "body");
}
