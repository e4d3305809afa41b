import { randomUUID } from "node:crypto";

import type { Context } from "@/lib/server/context";
import { type Db } from "@/lib/server/db/client";
import { createProvider } from "@/lib/server/providers/service";
import { issueAccessToken } from "@/lib/server/tokens/service";
import { createUser } from "@/lib/server/users/service";
import { signInUser } from "@/lib/server/users/sign-in";

import { openBenchTenant } from "./bench-tenant";
import { median, printFigure } from "./figures";

/** Accounts to fail with: each may fail only so often. */
const ACCOUNTS = 30;
const SIGN_INS = 1_200;
const TOKENS = 4_000;
/** Share of the first tries, which warm everything up. */
const WARM_UP = 0.1;

/**
 * Whether the time of a refusal tells which accounts and providers exist:
 * refusals of known and unknown ones in turn, their medians beside each other.
 */
export async function benchRefusals(): Promise<void> {
  const { ctx, close } = await openBenchTenant();
  try {
    await compareSignIns(ctx);
    await compareTokens(ctx);
  } finally {
    await close();
  }
}

async function compareSignIns(ctx: Context): Promise<void> {
  const emails = Array.from(
    { length: ACCOUNTS },
    () => `${randomUUID()}@example.com`,
  );
  for (const email of emails) {
    const password = "seven calm yellow boats";
    await createUser(ctx, { email, name: "", role: "viewer", password });
  }
  const refused = (db: Db, email: string) =>
    signInUser(db, { email, password: "not this one", address: randomUUID() });
  await compare("sign-in refused, unknown e-mail", SIGN_INS, {
    known: (n) => refused(ctx.db, emails[n % ACCOUNTS] ?? ""),
    unknown: () => refused(ctx.db, `${randomUUID()}@example.com`),
  });
}

async function compareTokens(ctx: Context): Promise<void> {
  const ids: string[] = [];
  for (let n = 0; n < ACCOUNTS; n += 1) {
    const input = { name: `p${n}`, sourceIds: [] };
    ids.push((await createProvider(ctx, input)).provider.id);
  }
  const { secret } = await createProvider(ctx, { name: "x", sourceIds: [] });
  const refused = (id: string) =>
    issueAccessToken(
      ctx.db,
      { id, secret },
      { address: randomUUID(), now: new Date() },
    ).catch(() => undefined);
  await compare("token refused, unknown provider", TOKENS, {
    known: (n) => refused(ids[n % ACCOUNTS] ?? ""),
    unknown: () => refused(randomUUID()),
  });
}

async function compare(
  figure: string,
  count: number,
  tries: Record<"known" | "unknown", (n: number) => Promise<unknown>>,
): Promise<void> {
  const times: Record<"known" | "unknown", number[]> = {
    known: [],
    unknown: [],
  };
  for (let n = 0; n < count; n += 1) {
    const kinds = ["known", "unknown"] as const;
    // In turns: whoever comes second finds other things in the caches.
    for (const kind of n % 2 === 0 ? kinds : kinds.toReversed()) {
      const begun = performance.now();
      await tries[kind](n);
      if (n > count * WARM_UP) times[kind].push(performance.now() - begun);
    }
  }
  const [known, unknown] = [median(times.known), median(times.unknown)];
  printFigure(figure, {
    samples: times.known.length,
    unknownMs: unknown,
    wrongSecretMs: known,
    ratio: unknown / known,
  });
}
