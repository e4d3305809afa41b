import "server-only";

import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import {
  BATCH_ANSWERS_MAX,
  RUN_ANSWERS_MAX,
  type RemoteReply,
} from "@/lib/domain/remote-batch";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

/** Of each batch so many are kept, however many the run has. */
const FIRST_KEPT = 3;

type Place = {
  tenantId: string;
  runId: string;
  sequence: number;
  attempts: number;
  sourceId: string;
};

/** One answer as it came in. */
export type HeardAnswer = RemoteAnswer &
  Pick<RemoteReply, "asked" | "fromAt" | "toAt" | "entities"> & { at: Date };

type KeptLine = Pick<HeardAnswer, "asked" | "outcome" | "status"> & {
  id: number | null;
};

/**
 * Keeps what was answered to one try of a batch, in the order given. Of a batch
 * 60 answers are kept, of a run 10,000 and the first three of each batch; what
 * comes after is counted with the last kept one of the same kind (asked for the
 * same, same outcome and status), and the first of each kind is always kept.
 * Nothing is kept of a run that is gone.
 */
export async function writeAnswers(
  db: Db,
  place: Place,
  answers: readonly HeardAnswer[],
): Promise<void> {
  if (answers.length === 0) return;
  const isFew = place.attempts <= 1 && answers.length <= FIRST_KEPT;
  const kept = isFew ? [] : await selectKept(db, place);
  const room = isFew ? FIRST_KEPT : await roomFor(db, place, kept.length);
  const { added, counted } = sortOut(answers, kept, room);
  await insertAnswers(db, place, added);
  if (counted.length > 0) await countAnswers(db, place, counted);
}

type Added = HeardAnswer & { more: number; lastAt: Date };
type Counted = { id: number; more: number; lastAt: Date };

/** Which answers get a line of their own, and how many more each line stands for. */
function sortOut(
  answers: readonly HeardAnswer[],
  kept: readonly KeptLine[],
  room: number,
): { added: Added[]; counted: Counted[] } {
  const added: Added[] = [];
  const counted = new Map<number, Counted>();
  const newest = new Map<string, Added | number>();
  for (const line of kept) {
    if (line.id !== null) newest.set(kindOf(line), line.id);
  }
  for (const answer of answers) {
    const alike = newest.get(kindOf(answer));
    if (alike === undefined || added.length < room) {
      const line = { ...answer, more: 0, lastAt: answer.at };
      added.push(line);
      newest.set(kindOf(answer), line);
    } else if (typeof alike === "number") {
      const { more } = counted.get(alike) ?? { more: 0 };
      counted.set(alike, { id: alike, more: more + 1, lastAt: answer.at });
    } else {
      alike.more += 1;
      alike.lastAt = answer.at;
    }
  }
  return { added, counted: [...counted.values()] };
}

function kindOf({ asked, outcome, status }: KeptLine | HeardAnswer): string {
  return `${asked} ${outcome} ${status ?? ""}`;
}

function selectKept(db: Db, place: Place): Promise<KeptLine[]> {
  return db.rows<KeptLine>(
    `select id, asked, outcome, status from remote_answers
     where tenant_id = $1 and run_id = $2 and sequence = $3 order by id`,
    [place.tenantId, place.runId, place.sequence],
  );
}

/** How many lines of its own a try may add to the `kept` ones of its batch. */
async function roomFor(db: Db, place: Place, kept: number): Promise<number> {
  const [run] = await db.rows<{ n: number }>(
    `select count(*)::int as n from (
       select from remote_answers where tenant_id = $1 and run_id = $2
       limit ${RUN_ANSWERS_MAX}) a`,
    [place.tenantId, place.runId],
  );
  const ofRun = RUN_ANSWERS_MAX - (run?.n ?? 0);
  return Math.min(BATCH_ANSWERS_MAX - kept, Math.max(ofRun, FIRST_KEPT - kept));
}

async function insertAnswers(
  db: Db,
  { tenantId, runId, sequence, sourceId, attempts }: Place,
  answers: readonly Added[],
): Promise<void> {
  await db.rows(
    `with run as (
       select id from import_runs where tenant_id = $1 and id = $2 for key share)
     insert into remote_answers (tenant_id, run_id, sequence, source_id, attempt,
       asked, from_at, to_at, entities, outcome, status, request_id, excerpt, ms,
       at, more, last_at)
     select $1::uuid, run.id, $3::int, $4::uuid, $5::int, a.asked, a."fromAt",
       a."toAt", a.entities, a.outcome, a.status, a."requestId", a.excerpt, a.ms,
       a.at, a.more, a."lastAt"
     from run, rows from (jsonb_to_recordset($6::text::jsonb) as (asked text,
       "fromAt" int, "toAt" int, entities int, outcome text, status int,
       "requestId" text, excerpt text, ms int, at timestamptz, more int,
       "lastAt" timestamptz)) with ordinality as a(asked, "fromAt", "toAt",
       entities, outcome, status, "requestId", excerpt, ms, at, more, "lastAt", n)
     order by a.n`,
    [
      ...[tenantId, runId, sequence, sourceId, Math.max(1, attempts)],
      JSON.stringify(answers),
    ],
  );
}

async function countAnswers(
  db: Db,
  { tenantId, runId, sequence }: Place,
  counted: readonly Counted[],
): Promise<void> {
  await db.rows(
    `update remote_answers a set more = a.more + c.more, last_at = c."lastAt"
     from jsonb_to_recordset($4::text::jsonb)
       as c(id bigint, more int, "lastAt" timestamptz)
     where a.tenant_id = $1 and a.run_id = $2 and a.sequence = $3 and a.id = c.id`,
    [tenantId, runId, sequence, JSON.stringify(counted)],
  );
}

/** What is kept of the answers of one batch, in the order they came. */
export async function selectReplies(
  { db, tenantId }: Context,
  runId: string,
  sequence: number,
): Promise<RemoteReply[]> {
  const rows = await db.rows<
    Omit<RemoteReply, "at" | "lastAt"> & { at: Date; lastAt: Date }
  >(
    `select attempt, asked, from_at as "fromAt", to_at as "toAt", entities,
       outcome, status, request_id as "requestId", excerpt, ms, at, more,
       last_at as "lastAt"
     from remote_answers
     where tenant_id = $1 and run_id = $2 and sequence = $3 order by id`,
    [tenantId, runId, sequence],
  );
  return rows.map((row) => ({
    ...row,
    at: row.at.toISOString(),
    lastAt: row.lastAt.toISOString(),
  }));
}
