import "server-only";

import { endpointJob } from "@/lib/server/endpoints/service";

import { takeTurn, type TurnOptions } from "./take-turn";
import { claimTurn, postponeTurn, renewTurns, type Turn } from "./turn-store";

/** Turns that one process has under way: each waits for an endpoint and holds 50 links. */
const UNDER_WAY_MAX = 8;

/** The job that sends links to endpoints and follows their files until each is there. */
export function remoteMediaJob(options: Omit<TurnOptions, "signal"> = {}) {
  return endpointJob<Turn>({
    ...{ job: "remoteMedia", piecesMax: UNDER_WAY_MAX },
    claim: async (db) => [(await claimTurn(db)) ?? []].flat(),
    renew: renewTurns,
    giveBack: (db, turn, ms) => postponeTurn(db, turn, { ms, note: null }),
    take: (db, turn, signal) => takeTurn(db, turn, { ...options, signal }),
  });
}
