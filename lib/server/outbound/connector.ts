import "server-only";

import { lookup as resolveName } from "node:dns/promises";
import type { LookupAddress, LookupOptions } from "node:dns";

import { Agent, buildConnector } from "undici";

import type { OutboundRules } from "./address-rules";

/** All addresses of a host name. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>;

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  addresses: string | LookupAddress[],
  family?: number,
) => void;

/** The rules forbid a connection. Its message says so and nothing else: it may reach people. */
export class OutboundRefusedError extends Error {
  constructor() {
    super("The rules for outbound connections forbid this one.");
    this.name = "OutboundRefusedError";
  }
}

/** Threads that resolving may hold at once: the pool has four, and files are written with them too. */
const LOOKUPS_MAX = 2;
const CONNECT_MS_MAX = 10_000;
const ANSWER_HEADER_BYTES_MAX = 16_384;

/**
 * The only way to open connections to addresses that people typed: a client
 * of its own, whose connections are all made under the rules. The host is
 * resolved once for each connection, and if one of its addresses is forbidden
 * none is tried; an address that is written out is checked before it is
 * dialled; the address that was reached is checked again. Proxy settings of
 * the environment do not count. Kept-alive connections are used again for the
 * same scheme, host and port only.
 *
 * Requests fail with `OutboundRefusedError` where the rules say so.
 */
export function createOutboundAgent(options: {
  rules: OutboundRules;
  resolve?: ResolveHost;
  connectMsMax?: number;
  /** Certificates of authorities that are trusted instead of the usual ones. */
  authorities?: string;
}): Agent {
  const { rules, resolve = resolveWithFewThreads } = options;
  const dial = buildConnector({
    lookup: guardedLookup(rules, resolve),
    timeout: options.connectMsMax ?? CONNECT_MS_MAX,
    maxCachedSessions: 0,
    // Said again, for the environment can turn both off.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(options.authorities === undefined ? {} : { ca: options.authorities }),
  });

  const connect: buildConnector.connector = (target, callback) => {
    const url = `${target.protocol}//${target.host ?? target.hostname}`;
    if (!URL.canParse(url) || rules.problemOf(new URL(url)) !== undefined) {
      callback(new OutboundRefusedError(), null);
      return;
    }
    dial(target, (...result) => {
      const socket = result[1];
      if (!socket) {
        callback(...result);
        return;
      }
      const reached = socket.remoteAddress;
      if (reached !== undefined && rules.permits(target.hostname, reached)) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      // Without an address the other side has hung up already.
      callback(
        reached === undefined
          ? new Error("The connection ended at once.")
          : new OutboundRefusedError(),
        null,
      );
    });
  };

  return new Agent({
    connect,
    maxHeaderSize: ANSWER_HEADER_BYTES_MAX,
    keepAliveMaxTimeout: 10_000,
    // Those who ask set deadlines: these begin anew with each byte or 1xx answer.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Fails when any address is forbidden: the first may be dead on purpose, so that the next one is tried. */
function guardedLookup(rules: OutboundRules, resolve: ResolveHost) {
  return (
    hostname: string,
    { all }: LookupOptions,
    callback: LookupCallback,
  ): void => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        if (
          !first ||
          found.some((one) => !rules.permits(hostname, one.address))
        )
          callback(new OutboundRefusedError(), []);
        else if (all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error("no answer"), []);
      },
    );
  };
}

const waiting: (() => void)[] = [];
let lookups = 0;

async function resolveWithFewThreads(
  hostname: string,
): Promise<LookupAddress[]> {
  const givenUpAt = performance.now() + CONNECT_MS_MAX;
  if (lookups >= LOOKUPS_MAX)
    await new Promise<void>((resolve) => waiting.push(resolve));
  else lookups += 1;
  try {
    // Nobody waits for it any more; others behind it do.
    if (performance.now() > givenUpAt) throw new Error("waited too long");
    return await resolveName(hostname, { all: true });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else lookups -= 1;
  }
}
