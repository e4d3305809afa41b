import "server-only";

import { mayPass, type RemoteAnswer } from "@/lib/domain/remote-answer";
import {
  callEndpoint,
  type CallDeps,
  type EndpointCall,
} from "@/lib/server/outbound/call-endpoint";
import { unlessAborted } from "@/lib/server/outbound/fetch-watch";

import { hideKnown } from "./hide-known";
import { readImportAnswer, readNoAnswer, readTokenAnswer } from "./read-answer";

const TOKEN_MS_MAX = 30_000;
/** Clients of the contract give up after as long (3.4). */
const ANSWER_MS_MAX = 100_000;
/** Renewed when this share of its time is over, so that no request meets its end. */
const TOKEN_SHARE_USED = 0.9;

/** Credentials as they are for the moment of a request. */
export type Credentials = {
  baseUrl: string;
  providerId: string;
  /** Opens the sealed secret; called for each new token and each answer, kept nowhere. */
  secret: () => string;
};

/** Told of every answer, also of those that are followed by another request. */
export type OnAnswer = (
  answer: RemoteAnswer,
  asked: "token" | "import",
) => void;

export type RemoteClient = {
  /** As people know it: host, and port where it is not the usual one. */
  host: string;
  /** Gets a token, whatever is known. */
  signIn(signal: AbortSignal): Promise<RemoteAnswer>;
  /**
   * Posts one import body. Gets a token first where none is known, and once
   * more after a 401. Nothing else is tried again here.
   */
  importBody(
    source: string,
    body: Uint8Array | string,
    options: {
      signal: AbortSignal;
      correlationId?: string;
      onAnswer?: OnAnswer;
    },
  ): Promise<TellingAnswer>;
};

type TellingAnswer = RemoteAnswer & { retryAfterMs?: number | undefined };

export type ClientRequest = Pick<EndpointCall, "method" | "signal"> & {
  /** What stands behind the base of the API, from the slash on. */
  path: string;
  body?: Uint8Array | string;
  /** Until the last byte of the answer; 100 s without it. */
  msMax?: number;
  onAnswer?: OnAnswer | undefined;
};

/** `text` is the beginning of the body; nobody has checked it. */
export type ClientAnswer = TellingAnswer & {
  text: string;
  /** Takes secret and tokens out of what is kept of the body. */
  hide: (text: string) => string;
};

/** The same for every call of the API. */
export type EndpointClient = RemoteClient & {
  /** One request with a token, which is got as `importBody` gets it. */
  ask(request: ClientRequest): Promise<ClientAnswer>;
};

type Token = { text: string; renewAtMs: number };

/**
 * A client of one remote ingest API with one provider's credentials. Keeps the
 * token in memory alone; requests that need one at the same time ask for it once.
 */
export function createRemoteClient(
  credentials: Credentials,
  deps?: CallDeps & { msMax?: number | undefined },
  nowMs: () => number = () => Date.now(),
): EndpointClient {
  const base = credentials.baseUrl.replace(/\/+$/, "");
  let token: Token | undefined;
  let asking: Promise<TellingAnswer> | undefined;

  async function call(request: Omit<EndpointCall, "url"> & { path: string }) {
    const { path, ...rest } = request;
    const msMax = Math.min(rest.msMax, deps?.msMax ?? rest.msMax);
    const url = new URL(`${base}${path}`);
    return callEndpoint({ ...rest, url, msMax }, deps);
  }

  /** What an answer to a request with that token must not repeat. */
  function knownBeside(own: Token): string[] {
    return [credentials.secret(), own.text, token?.text ?? ""];
  }

  async function askToken(signal: AbortSignal): Promise<TellingAnswer> {
    const startedAt = nowMs();
    const secret = credentials.secret();
    try {
      const told = await call({
        ...{ path: "/dataProviders/tokens", method: "POST", signal },
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify({ id: credentials.providerId, secret }),
        msMax: TOKEN_MS_MAX,
      });
      const read = readTokenAnswer(told, secret);
      token = read.token && {
        text: read.token.text,
        renewAtMs: startedAt + read.token.seconds * 1_000 * TOKEN_SHARE_USED,
      };
      const { retryAfterMs } = told;
      return mayPass(read.answer.outcome)
        ? { ...read.answer, retryAfterMs }
        : read.answer;
    } catch (error) {
      return readNoAnswer(error, nowMs() - startedAt);
    }
  }

  /** A usable token, or why there is none. */
  async function currentToken(
    {
      signal,
      onAnswer,
    }: { signal: AbortSignal; onAnswer?: OnAnswer | undefined },
    refused?: Token,
  ): Promise<Token | TellingAnswer> {
    const isUsable = token && token !== refused && nowMs() < token.renewAtMs;
    if (token && isUsable) return token;
    // Shared: one caller that stops must not end it for the others. It ends by its own deadline.
    asking ??= askToken(new AbortController().signal).finally(() => {
      asking = undefined;
    });
    const answer = await unlessAborted(asking, signal);
    onAnswer?.(answer, "token");
    return token && answer.outcome === "accepted" ? token : answer;
  }

  async function ask(request: ClientRequest): Promise<ClientAnswer> {
    const { body, signal, onAnswer, ...rest } = request;
    const { msMax = ANSWER_MS_MAX } = request;
    let refused: Token | undefined;
    for (;;) {
      const own = await currentToken({ signal, onAnswer }, refused);
      if ("outcome" in own) return { ...own, text: "", hide: String };
      const startedAt = nowMs();
      try {
        const told = await call({
          ...{ ...rest, signal, msMax },
          ...(body === undefined ? {} : { body }),
          headers: {
            authorization: `Bearer ${own.text}`,
            ...(body === undefined
              ? {}
              : { "content-type": "application/json; charset=utf-8" }),
          },
        });
        const known = knownBeside(own);
        const answer = readImportAnswer(told, known);
        onAnswer?.(answer, "import");
        if (answer.outcome !== "token" || refused) {
          const { retryAfterMs, text } = told;
          const hide = (part: string) => hideKnown(part, known);
          return {
            ...{ ...answer, text, hide },
            ...(mayPass(answer.outcome) && { retryAfterMs }),
          };
        }
        refused = own;
      } catch (error) {
        const answer = readNoAnswer(error, nowMs() - startedAt);
        onAnswer?.(answer, "import");
        return { ...answer, text: "", hide: String };
      }
    }
  }

  return {
    host: new URL(base).host,
    signIn: askToken,
    ask,
    async importBody(source, body, { signal, correlationId, onAnswer }) {
      const query = correlationId ? `?correlationId=${correlationId}` : "";
      const path = `/import/${encodeURIComponent(source)}${query}`;
      const told = await ask({
        ...{ path, method: "POST", body, signal, onAnswer },
      });
      const { outcome, status, requestId, excerpt, ms, retryAfterMs } = told;
      return {
        ...{ outcome, status, requestId, excerpt, ms },
        ...("retryAfterMs" in told && { retryAfterMs }),
      };
    },
  };
}
