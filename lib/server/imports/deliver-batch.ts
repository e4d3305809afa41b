import "server-only";

import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { AppError, findAppError } from "@/lib/domain/errors";
import {
  mayPass,
  remoteSentence,
  type RemoteAnswer,
  type RemoteOutcome,
} from "@/lib/domain/remote-answer";
import {
  readTableBatch,
  tableBatchEntities,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { ASIDE_REASON_CHARS_MAX, type SetAside } from "@/lib/domain/set-aside";
import type { Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import type { Db } from "@/lib/server/db/client";
import {
  backoffMs,
  giveUpProbe,
  mayAskHost,
  noteHostAnswered,
  noteHostFailed,
  remoteClientOf,
  type RemoteClient,
} from "@/lib/server/endpoints/service";

import { writeAnswers, type HeardAnswer } from "./answer-store";
import { applyEntities } from "./apply-entities";
import {
  giveBack,
  hold,
  postpone,
  removeDelivered,
  type ClaimedBatch,
} from "./delivery-store";
import { applyIsolating } from "@/lib/server/isolate-offenders";
import {
  countLedger,
  insertLedgerLine,
  lockRun,
  writeLedgerAnswer,
  writeLedgerResult,
  writeStatus,
} from "./store";
import { refuseChanged } from "./refuse-changed";
import { resolveBatchLinks } from "./remote-links";
import { tryInPlace } from "./try-in-place";

const gunzipAsync = promisify(gunzip);

/** The endpoint gave no verdict on the content, or may not be asked again as things are. */
class DeliveryStopped extends Error {
  constructor(
    readonly answer: RemoteAnswer,
    readonly retryAfterMs: number | undefined,
  ) {
    super(`The endpoint's answer was ${answer.outcome}.`);
  }
}

/** The endpoint has not told yet what it made of the batch's links. */
class LinksAreWaiting extends Error {}
/** Between two looks at what it has told. */
const LINKS_LOOK_MS = 1_500;

/**
 * Sends one claimed batch to its endpoint and, once it is accepted, notes it:
 * the ledger line, what the Studio knows of the entries, and the end of the run
 * are one transaction. Sent again after a crash between the two: merging the
 * same once more changes nothing. Entities that are refused for their content
 * are set aside, the others go through.
 */
export async function deliverBatch(
  db: Db,
  claimed: ClaimedBatch,
  options: {
    signal: AbortSignal;
    clientOf?: (ctx: Context, endpointId: string) => Promise<RemoteClient>;
    random?: () => number;
  },
): Promise<void> {
  const { signal, clientOf = remoteClientOf, random = Math.random } = options;
  const ctx: Context = {
    ...{ tenantId: claimed.tenantId, db },
    actor: {
      ...{ type: "user", role: "editor" },
      ...{ id: claimed.actorId, name: claimed.actorName },
    },
  };
  const { host } = claimed;
  if (!(await mayAskHost(db, host))) return giveBack(db, claimed);
  const heard: HeardAnswer[] = [];
  try {
    const client = await clientOf(ctx, claimed.endpointId).catch(noSecret);
    const batch = await readBatch(ctx, claimed);
    const sent = await send(claimed, client, {
      ...{ ...batch, signal, random, heard },
    });
    await noteHostAnswered(db, host);
    await note(ctx, claimed, sent, heard);
  } catch (error) {
    await writeAnswers(db, claimed, heard);
    if (error instanceof LinksAreWaiting) {
      await giveUpProbe(db, host);
      return giveBack(db, claimed, LINKS_LOOK_MS);
    }
    if (!(error instanceof DeliveryStopped)) {
      await giveUpProbe(db, host);
      throw error;
    }
    const { answer, retryAfterMs } = error;
    if (!mayPass(answer.outcome)) {
      const wasAsked = !NOT_ASKED.has(answer.outcome);
      await (wasAsked ? noteHostAnswered : giveUpProbe)(db, host);
      await db.transaction(async (tx) => {
        await lockRun({ ...ctx, db: tx }, claimed.runId);
        await hold(tx, claimed, answer);
      });
      return;
    }
    await noteHostFailed(db, host, { retryAfterMs, random });
    const ms = retryAfterMs ?? backoffMs(claimed.attempts, random());
    await postpone(db, claimed, { ms, answer });
  }
}

/** Without a secret that can be read, a person has to do something, as after a refusal. */
function noSecret(error: unknown): never {
  if (findAppError(error)?.code !== "conflict") throw error;
  throw new DeliveryStopped(NO_SECRET, undefined);
}

/** A request fails in no other way with a failure that is named. */
function unreadableSecret(error: unknown): never {
  if (!findAppError(error)) throw error;
  throw new DeliveryStopped(NO_SECRET, undefined);
}

const NOT_ASKED = new Set<RemoteOutcome>(["no_secret", "not_allowed"]);

const NO_SECRET: RemoteAnswer = {
  ...{ outcome: "no_secret", status: null, requestId: null },
  ...{ excerpt: "", ms: 0 },
};

type ReadBatch = { table: TableBatch; refused: Map<number, string> };
type Sent = ReadBatch & { answer: RemoteAnswer };

/** The batch, with what its links have become, and the entities that are refused already. */
async function readBatch(
  ctx: Context,
  claimed: ClaimedBatch,
): Promise<ReadBatch> {
  const text = (await gunzipAsync(claimed.body)).toString("utf8");
  const refused = new Map<number, string>();
  const table = readTableBatch(JSON.parse(text), (at, reason) =>
    refused.set(at, reason),
  );
  const { sourceId, unchangedSince } = claimed;
  if (unchangedSince !== null) {
    // What later runs handed over waits for this one, so it stays as it is found.
    await ctx.db.transaction((tx) =>
      refuseChanged(
        { ...ctx, db: tx },
        { sourceId, unchangedSince },
        ...([table, refused] as const),
      ),
    );
  }
  const links = await resolveBatchLinks(ctx, claimed, table, refused);
  if (links.is === "waiting") throw new LinksAreWaiting();
  if (links.is === "held") {
    throw new DeliveryStopped(links.answer ?? NO_SECRET, undefined);
  }
  return { table: links.table, refused };
}

async function send(
  { runId, sourceIdentifier }: ClaimedBatch,
  client: RemoteClient,
  options: ReadBatch & {
    signal: AbortSignal;
    random: () => number;
    heard: HeardAnswer[];
  },
): Promise<Sent> {
  const { table, refused } = options;
  const entities = tableBatchEntities(table);
  const places = [...entities.keys()].filter((at) => !refused.has(at));
  let last: RemoteAnswer = NOTHING_SENT;
  const isolated = await applyIsolating(places, async (part) => {
    const wire = { entities: part.flatMap((at) => entities[at] ?? []) };
    const body = JSON.stringify(wire);
    const ask = () =>
      client
        .importBody(sourceIdentifier, body, {
          ...{ signal: options.signal, correlationId: runId },
          onAnswer: (each, asked) =>
            options.heard.push({
              ...{ ...each, ...partOf(part) },
              ...{ asked, at: new Date() },
            }),
        })
        .catch(unreadableSecret);
    const isWhole = part.length === places.length;
    const { retryAfterMs, ...answer } = await (isWhole
      ? ask()
      : tryInPlace(ask, options));
    last = answer;
    if (answer.outcome === "accepted") return;
    if (answer.outcome === "content" || answer.outcome === "too_large") {
      throw new AppError("unprocessable", remoteSentence(answer, client.host));
    }
    throw new DeliveryStopped(answer, retryAfterMs);
  });
  for (const { at, count, message } of isolated.refused) {
    for (const place of places.slice(at, at + count)) {
      refused.set(place, message);
    }
  }
  return { table, refused, answer: last };
}

function partOf(part: readonly number[]) {
  const [fromAt = 0] = part;
  return { fromAt, toAt: part.at(-1) ?? fromAt, entities: part.length };
}

const NOTHING_SENT: RemoteAnswer = {
  ...{ outcome: "content", status: null, requestId: null },
  ...{ excerpt: "", ms: 0 },
};

async function note(
  ctx: Context,
  claimed: ClaimedBatch,
  { table, refused, answer }: Awaited<ReturnType<typeof send>>,
  heard: readonly HeardAnswer[],
): Promise<void> {
  const { runId, sequence, sourceId, hash, bytes, attempts } = claimed;
  await ctx.db.transaction(async (tx) => {
    const inTx = { ...ctx, db: tx };
    // Run before source, as everything that locks both does: no deadlock.
    const state = await lockRun(inTx, runId, "no key update");
    if (!state) return;
    await writeAnswers(tx, claimed, heard);
    if (!(await removeDelivered(tx, claimed))) return;
    const { firstRow, lastRow } = table;
    const line = { sequence, hash, bytes, firstRow, lastRow };
    if (!(await insertLedgerLine(inTx, runId, line))) return;
    const applied = await applyEntities(inTx, sourceId, table, refused);
    const setAside = applied.setAside.map((entry) =>
      refused.has(entry.at) ? entry : acceptedThere(entry, claimed.host),
    );
    const { ms } = answer;
    await writeLedgerResult(inTx, runId, {
      ...{ sequence, ms, ...applied, setAside },
    });
    await writeLedgerAnswer(inTx, runId, { sequence, answer, attempts });
    const isOpen = state.status === "running" || state.status === "paused";
    if (isOpen && (await countLedger(inTx, runId)) === state.batchesTotal) {
      await writeStatus(inTx, runId, "finished");
      await recordAudit(inTx, "import_run.finished", runId);
    }
  });
}

/** Not refused by the endpoint: only this Studio cannot keep what it knows of the entry. */
function acceptedThere(entry: SetAside, host: string): SetAside {
  const reason = `${host} has accepted this entry, but this Studio cannot keep what it knows of it, so forecasts leave it out: ${entry.reason}`;
  return { ...entry, reason: reason.slice(0, ASIDE_REASON_CHARS_MAX) };
}
