import "server-only";

import { findAppError, type ErrorCode } from "@/lib/domain/errors";
import { mayPass } from "@/lib/domain/remote-answer";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import {
  backoffMs,
  giveUpProbe,
  mayAskHost,
  noteHostAnswered,
  noteHostFailed,
  remoteClientOf,
  type EndpointClient,
  type Told,
} from "@/lib/server/endpoints/service";

import { lookForFiles } from "./look-for-files";
import { sendLinks } from "./send-links";
import { holdTurn, postponeTurn, type Turn } from "./turn-store";

/** Between two looks at whether a host still rests. */
const RESTING_MS = 500;

export type TurnOptions = {
  signal: AbortSignal;
  clientOf?: (
    ctx: Context,
    endpointId: string,
  ) => Promise<Pick<EndpointClient, "ask" | "host">>;
  random?: () => number;
  now?: () => Date;
};

/** What a turn works with. `ask` is how each request goes out. */
export type TurnWork = {
  ctx: Context;
  turn: Turn;
  host: string;
  random: () => number;
  now: Date;
  /** @throws {TurnStopped} for an answer that is no verdict on what was asked; see `isVerdict`. */
  ask: <T>(
    request: (
      client: Pick<EndpointClient, "ask">,
      signal: AbortSignal,
    ) => Promise<Told<T>>,
    isVerdict?: (told: Told<T>) => boolean,
  ) => Promise<Told<T>>;
};

/** The endpoint gave no verdict on the links, or may not be asked again as things are. */
class TurnStopped extends Error {
  constructor(readonly told: Told<unknown>) {
    super(`The endpoint's answer was ${told.answer.outcome}.`);
  }
}

/** Nothing can be asked, and time alone would not mend it; the sentence says why. */
class TurnHeld extends Error {}

/** No such endpoint, or none of its secrets. All else is a failure of our own, which passes. */
const NO_CLIENT: ReadonlySet<ErrorCode> = new Set(["not_found", "conflict"]);

/**
 * Sends the links of a turn to their endpoint, or looks for their files there,
 * and notes what came of it. Whatever is not known after it, because an answer
 * was lost or the process ended, is found out by doing the same again: every
 * link has a unique identifier, so nothing is there twice.
 *
 * @throws when `signal` aborts, and errors of our own; the caller then gives the
 *   turn back.
 */
export async function takeTurn(
  db: Db,
  turn: Turn,
  options: TurnOptions,
): Promise<void> {
  const { signal, clientOf = remoteClientOf, random = Math.random } = options;
  const { host, tenantId, endpointId } = turn;
  if (!(await mayAskHost(db, host))) {
    return postponeTurn(db, turn, { ms: RESTING_MS, note: null });
  }
  const ctx: Context = {
    ...{ tenantId, db },
    actor: {
      ...{ type: "user", role: "editor" },
      ...{ id: turn.actorId, name: turn.actorName },
    },
  };
  try {
    const client = await clientOf(ctx, endpointId).catch(noClient);
    const ask: TurnWork["ask"] = async (request, isVerdict = isAccepted) => {
      const told = await request(client, signal).catch(unreadableSecret);
      if (!isVerdict(told)) throw new TurnStopped(told);
      return told;
    };
    const now = options.now?.() ?? new Date();
    const work = { ctx, turn, host: client.host, random, now, ask };
    await (turn.state === "created" ? sendLinks(work) : lookForFiles(work));
    await noteHostAnswered(db, host);
  } catch (error) {
    await endTurn(db, turn, error, { signal, random });
  }
}

async function endTurn(
  db: Db,
  turn: Turn,
  error: unknown,
  { signal, random }: { signal: AbortSignal; random: () => number },
): Promise<void> {
  const { host } = turn;
  if (error instanceof TurnStopped) {
    const { answer, retryAfterMs } = error.told;
    if (!mayPass(answer.outcome)) {
      await noteHostAnswered(db, host);
      return holdTurn(db, turn, { is: "answer", answer });
    }
    await noteHostFailed(db, host, { retryAfterMs, random });
    const attempts = Math.max(...turn.links.map((link) => link.attempts));
    const ms = retryAfterMs ?? backoffMs(attempts, random());
    return postponeTurn(db, turn, { ms, note: { is: "answer", answer } });
  }
  await giveUpProbe(db, host);
  if (error instanceof TurnHeld && !signal.aborted) {
    return holdTurn(db, turn, { is: "stopped", text: error.message });
  }
  throw error;
}

function noClient(error: unknown): never {
  const known = findAppError(error);
  if (!known || !NO_CLIENT.has(known.code)) throw error;
  throw new TurnHeld(known.message);
}

/** A request fails in no other way with a failure that is named. */
function unreadableSecret(error: unknown): never {
  const known = findAppError(error);
  throw known ? new TurnHeld(known.message) : error;
}

function isAccepted({ answer }: Told<unknown>): boolean {
  return answer.outcome === "accepted";
}
