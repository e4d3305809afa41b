import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { Db } from "@/lib/server/db/client";
import { recordAudit } from "@/lib/server/db/audit";
import { createFailureLimiter, tooManyFailures } from "@/lib/server/rate-limit";

import { hashPassword, needsRehash, verifyPassword } from "./password";
import { findUserByEmail, updateUser } from "./store";

const common = {
  windowSeconds: 15 * 60,
  refusedSeconds: { first: 15 * 60, last: 15 * 60 },
};

// The pair stops guessing from one place without locking the owner out elsewhere;
// the account alone stops guessing from many places.
const RULES = {
  pair: { name: "sign-in-pair", failuresMax: 10, ...common },
  address: { name: "sign-in-address", failuresMax: 60, ...common },
  account: { name: "sign-in-account", failuresMax: 100, ...common },
};

const TOO_MANY = "There were too many failed tries.";

export type SignedInUser = {
  id: string;
  tenantId: string;
  sessionGeneration: number;
};

/**
 * Checks an e-mail address and a password. Answers nothing when they do not
 * belong together or the user is disabled, after the same time in every case.
 *
 * @throws {AppError} `rate_limited` after too many failures of the account or
 *   from the address.
 */
export async function signInUser(
  db: Db,
  input: { email: string; password: string; address: string },
): Promise<SignedInUser | undefined> {
  const { password, address } = input;
  const email = input.email.trim().toLowerCase();
  const guards = [
    { rule: RULES.pair, key: `${email} ${address}` },
    { rule: RULES.address, key: address },
    { rule: RULES.account, key: email },
  ].map(({ rule, key }) => ({
    limiter: createFailureLimiter(db, rule),
    key,
  }));
  // Before the password is hashed: that is what an attacker wants of us.
  for (const { limiter, key } of guards) {
    const waits = await limiter.wait(key);
    if (waits > 0) throw tooManyFailures(waits, TOO_MANY);
  }

  const user = await findUserByEmail(db, email);
  const isRight = await verifyPassword(password, user?.passwordHash);
  if (!user || !isRight || user.disabledAt) {
    await Promise.all(guards.map(({ limiter, key }) => limiter.fail(key)));
    return undefined;
  }
  await guards[0]?.limiter.forget(guards[0].key);

  const passwordHash = needsRehash(user.passwordHash)
    ? await hashPassword(password)
    : undefined;
  const { id, tenantId, sessionGeneration } = user;
  await db.transaction(async (tx) => {
    const name = user.name || user.email;
    const ctx = {
      tenantId,
      actor: { type: "user", id, name, role: user.role } as const,
      db: tx,
    };
    const isKept = await updateUser(ctx, id, {
      lastSignedInAt: new Date(),
      ...(passwordHash && { passwordHash }),
    });
    if (!isKept) throw new AppError("not_found", "This account is gone.");
    await recordAudit(ctx, "user.signed_in", id);
  });
  return { id, tenantId, sessionGeneration };
}
