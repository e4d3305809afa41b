import "server-only";

import type { Db } from "@/lib/server/db/client";

import {
  findSessionUserRow,
  insertEndedSession,
  type SessionUserRow,
} from "./store";

/** Who a session belongs to, as the shell shows them. */
export type SessionUser = SessionUserRow;

type SessionToken = {
  sub: string;
  tenantId: string;
  generation: number;
  sessionId: string;
  /** Seconds since 1970. */
  exp?: number | undefined;
};

/** The user of a session, unless it ended or the user was disabled. */
export function findSessionUser(
  db: Db,
  token: SessionToken,
): Promise<SessionUser | undefined> {
  return findSessionUserRow(db, {
    tenantId: token.tenantId,
    userId: token.sub,
    generation: token.generation,
    id: token.sessionId,
  });
}

/** Ends one session: its cookie is worth nothing from now on, wherever a copy is. */
export async function endSession(db: Db, token: SessionToken): Promise<void> {
  await insertEndedSession(db, {
    tenantId: token.tenantId,
    id: token.sessionId,
    expiresAt: new Date((token.exp ?? Date.now() / 1_000) * 1_000),
  });
}
