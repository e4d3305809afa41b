import "server-only";

import { request, type Dispatcher } from "undici";

import type { OutboundRules } from "./address-rules";
import { appOutbound } from "./app-outbound";
import type { EndpointHosts } from "./endpoint-hosts";
import { watchFetch } from "./fetch-watch";
import { LinkFailure, readRetryAfter, toLinkFailure } from "./link-failure";

export type EndpointCall = {
  url: URL;
  method: "GET" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  signal: AbortSignal;
  /** From the start to the last byte of the answer. */
  msMax: number;
};

export type EndpointAnswer = {
  status: number;
  /** The beginning of the body, as text; nobody has checked it. */
  text: string;
  contentType: string;
  retryAfterMs: number | undefined;
  ms: number;
};

export type CallDeps = {
  rules: OutboundRules;
  agent: Dispatcher;
  /** Every host without it. */
  endpointHosts?: EndpointHosts;
};

/** More is no answer of an ingest API. */
const ANSWER_BYTES_MAX = 1_000_000;

/**
 * Asks an ingest API that somebody else runs, under the outbound rules and at
 * the hosts that endpoints may have. Every status is an answer; redirects are not followed, for the credentials are
 * meant for one origin. An answer above a megabyte is cut.
 *
 * @throws {LinkFailure} `refused` by the rules, `unreachable`, `insecure`,
 *   `too_slow`, `cut_off`: whether the request was carried out is then unknown.
 */
export async function callEndpoint(
  { url, method, headers, body, signal, msMax }: EndpointCall,
  deps: CallDeps = appOutbound(),
): Promise<EndpointAnswer> {
  const isAllowed = deps.endpointHosts?.allows(url) ?? true;
  if (!isAllowed || deps.rules.problemOf(url) !== undefined) {
    throw new LinkFailure("refused");
  }
  const begunAt = performance.now();
  const watch = watchFetch(signal);
  let phase: "answer" | "body" = "answer";
  try {
    return await watch.wait(
      msMax,
      (async () => {
        const answer = await request(url, {
          ...{ method, dispatcher: deps.agent, signal: watch.signal },
          headers: {
            ...{ accept: "application/json", "user-agent": "SourceStudio" },
            ...headers,
          },
          body: body ?? null,
        });
        phase = "body";
        const { headers: told } = answer;
        return {
          status: answer.statusCode,
          text: await readStart(answer.body),
          contentType: textOf(told["content-type"]),
          retryAfterMs: readRetryAfter(told["retry-after"], Date.now()),
          ms: Math.round(performance.now() - begunAt),
        };
      })(),
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toLinkFailure(error, phase);
  } finally {
    watch.end();
  }
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, ANSWER_BYTES_MAX);
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : (header?.[0] ?? "");
}
