import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Entity } from "@/lib/domain/entity";
import { sumChanges } from "@/lib/domain/entry-changes";
import { valueName } from "@/lib/domain/identifiers";
import type { StoredValues } from "@/lib/domain/merge";
import type { UndoChange, UndoForecast } from "@/lib/domain/undo-run";
import type { Context } from "@/lib/server/context";
import { ingestEntities } from "@/lib/server/entries/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";
import {
  countedProperties,
  countProperties,
  deleting,
  finishUndo,
  runBatches,
  setting,
  storedEntries,
  TAB,
} from "@/lib/testing/studio-run";

import {
  describeUndoBatch,
  forecastUndo,
  listKept,
  startUndo,
} from "./service";

let testDb: TestDb;
let ctx: Context;
beforeAll(async () => {
  testDb = await createTestDb();
  ctx = userContext(testDb.db, await createTenant(testDb.db), "editor");
});
afterAll(() => testDb.close());

const KEYS = ["K1", "k1", "__proto__", "toString", "K2"];
const name = fc
  .tuple(
    fc.constantFrom("a", "__proto__", "constructor"),
    fc.constantFrom(null, "sv"),
  )
  .map(([id, language]) => valueName(id, language));

/** Values begin with who wrote them, so that a value tells its writer. */
const valuesBy = (writer: string) =>
  fc.dictionary(
    name,
    fc.option(
      fc.constantFrom("1", "2", "å\u{1F600}").map((text) => writer + text),
      { freq: 4 },
    ),
    { maxKeys: 4 },
  );

const payload = (writer: string, deletes: boolean) =>
  fc
    .uniqueArray(
      fc.record({
        key: fc.constantFrom(...KEYS),
        values: valuesBy(writer),
        deletes: fc.constantFrom(...(deletes ? [false, false, true] : [false])),
      }),
      { selector: ({ key }) => key, maxLength: 5 },
    )
    .map((all) =>
      all.map(({ key, values, deletes }): Entity =>
        deletes ? deleting(key) : setting(key, values),
      ),
    );

const batches = (deletes: boolean) =>
  fc.array(
    payload("r", deletes).filter((entities) => entities.length > 0),
    { minLength: 1, maxLength: 4 },
  );

async function newSource(entities: Entity[]): Promise<string> {
  const { id } = await createSourceRow(testDb.db, ctx.tenantId);
  await ingestEntities(ctx, id, entities);
  return id;
}

async function undo(runId: string) {
  const { id } = await startUndo(ctx, runId, TAB);
  const run = await finishUndo(ctx, id);
  expect(run.status).toBe("finished");
  return { id, kept: (await listKept(ctx, id)).lines, run };
}

async function hasChanges(runId: string): Promise<boolean> {
  const rows = await testDb.db.rows(
    `select from run_undo where run_id = $1 and entries > 0`,
    [runId],
  );
  return rows.length > 0;
}

test("an undo after an import equals before, when nobody else wrote; and undoing it equals after", async () => {
  await fc.assert(
    fc.asyncProperty(
      payload("i", false),
      batches(true),
      async (initial, run) => {
        const sourceId = await newSource(initial);
        const before = await storedEntries(ctx, sourceId);
        const runId = await runBatches(ctx, sourceId, run);
        if (!(await hasChanges(runId))) return;
        const after = await storedEntries(ctx, sourceId);

        const first = await undo(runId);
        expect(first.kept).toEqual([]);
        expect(await storedEntries(ctx, sourceId)).toEqual(before);
        expect(await countedProperties(ctx, sourceId)).toEqual(
          countProperties(before),
        );

        const second = await undo(first.id);
        expect(second.kept).toEqual([]);
        expect(await storedEntries(ctx, sourceId)).toEqual(after);
        expect(await countedProperties(ctx, sourceId)).toEqual(
          countProperties(after),
        );
      },
    ),
    { numRuns: 40 },
  );
}, 300_000);

/**
 * What a value should become, from what it was before the run, after its first
 * batch, after others, after its second batch and so on. What others changed
 * and changed back between two batches is no change of theirs.
 */
function replay(past: (string | undefined)[]) {
  let expected = past[0];
  let asLeft = past[0];
  let isListed = false;
  const found: (string | undefined)[] = [];
  const meetOthers = (now: string | undefined) => {
    if (now === asLeft) return;
    expected = now;
    // Where they put back what the run had found, nothing stays to tell.
    isListed = found.some((value) => value !== now);
  };
  for (let index = 1; index < past.length; index += 2) {
    if (past[index] === past[index - 1]) continue;
    meetOthers(past[index - 1]);
    found.push(past[index - 1]);
    asLeft = past[index];
  }
  meetOthers(past.at(-1));
  return { expected, isListed };
}

/** Imports while others write after each batch; gives the state before, at the end, and what happened. */
async function importAmongOthers(
  initial: Entity[],
  run: Entity[][],
  others: Entity[][],
) {
  const sourceId = await newSource(initial);
  const states = [await storedEntries(ctx, sourceId)];
  const runId = await runBatches(ctx, sourceId, run, async (batch) => {
    states.push(await storedEntries(ctx, sourceId));
    await ingestEntities(ctx, sourceId, others[batch] ?? []);
    states.push(await storedEntries(ctx, sourceId));
  });
  return { sourceId, runId, states };
}

const at = (entries: Map<string, StoredValues>, key: string, name: string) =>
  entries.get(key)?.[name];

test("an undo after an import among others leaves what is theirs, lists it, and takes back all else", async () => {
  await fc.assert(
    fc.asyncProperty(
      payload("i", false),
      batches(true),
      fc.array(payload("o", true), { maxLength: 4 }),
      async (initial, run, others) => {
        const made = await importAmongOthers(initial, run, others);
        const { sourceId, runId, states } = made;
        if (!(await hasChanges(runId))) return;
        const before = states[0] ?? new Map();
        const end = await storedEntries(ctx, sourceId);
        const { kept } = await undo(runId);
        const undone = await storedEntries(ctx, sourceId);

        const theirKeys = new Set(others.flat().map(({ key }) => key));
        for (const key of KEYS) {
          if (!theirKeys.has(key)) {
            expect(undone.get(key)).toEqual(before.get(key));
          }
          for (const [name, value] of Object.entries(end.get(key) ?? {})) {
            if (value.startsWith("o"))
              expect(at(undone, key, name)).toBe(value);
          }
          const values = Object.values(undone.get(key) ?? {});
          expect(values.filter((value) => value.startsWith("r"))).toEqual([]);
        }
        expect(kept.filter(({ key }) => !theirKeys.has(key))).toEqual([]);
        expect(await countedProperties(ctx, sourceId)).toEqual(
          countProperties(undone),
        );
      },
    ),
    { numRuns: 40 },
  );
}, 300_000);

test("each value becomes what others last made of it, and is listed where that is a change of what the run wrote", async () => {
  await fc.assert(
    fc.asyncProperty(
      payload("i", false),
      batches(false),
      fc.array(payload("o", false), { maxLength: 4 }),
      async (initial, run, others) => {
        const made = await importAmongOthers(initial, run, others);
        const { sourceId, runId, states } = made;
        if (!(await hasChanges(runId))) return;
        const { kept } = await undo(runId);
        const undone = await storedEntries(ctx, sourceId);
        const listed = new Set(
          kept.flatMap(({ key, id, language }) =>
            id === null ? [] : `${key} ${valueName(id, language)}`,
          ),
        );
        expect(listed.size).toBe(kept.filter(({ id }) => id !== null).length);

        const names = new Set(
          states.flatMap((state) =>
            [...state.values()].flatMap((values) => Object.keys(values)),
          ),
        );
        for (const key of KEYS) {
          for (const name of names) {
            const past = states.map((state) => at(state, key, name));
            const { expected, isListed } = replay(past);
            expect(at(undone, key, name)).toBe(expected);
            if (expected?.startsWith("o") && isListed) {
              expect(listed).toContain(`${key} ${name}`);
            }
            if (
              past.every(
                (_, index) =>
                  index % 2 === 1 ||
                  index === 0 ||
                  past[index] === past[index - 1],
              )
            ) {
              expect(listed).not.toContain(`${key} ${name}`);
            }
          }
        }
      },
    ),
    { numRuns: 40 },
  );
}, 300_000);

test("the forecast of an undo is what the undo then does", async () => {
  await fc.assert(
    fc.asyncProperty(
      payload("i", false),
      batches(true),
      fc.array(payload("o", true), { maxLength: 4 }),
      async (initial, run, others) => {
        const made = await importAmongOthers(initial, run, others);
        const { sourceId, runId } = made;
        if (!(await hasChanges(runId))) return;
        const before = await storedEntries(ctx, sourceId);
        const parts: UndoForecast[] = [];
        for await (const part of forecastUndo(ctx, runId)) parts.push(part);
        const { entries } = sumChanges(parts.map(({ totals }) => totals));
        const changes = await Promise.all(
          parts.map(({ batch }) => describeUndoBatch(ctx, runId, batch)),
        );
        expect(await storedEntries(ctx, sourceId)).toEqual(before);

        const { kept } = await undo(runId);
        const after = await storedEntries(ctx, sourceId);
        expect(parts.flatMap((part) => part.kept)).toEqual(kept);
        const forecast = new Map(before);
        for (const { key, change, values } of changes.flat()) {
          if (change === "deleted") forecast.delete(key);
          else forecast.set(key, applied(forecast.get(key) ?? {}, values));
        }
        expect(forecast).toEqual(after);
        expect(entries).toMatchObject({
          created: [...after.keys()].filter((key) => !before.has(key)).length,
          deleted: [...before.keys()].filter((key) => !after.has(key)).length,
          updated: changes.flat().filter(({ change }) => change === "updated")
            .length,
        });
      },
    ),
    { numRuns: 40 },
  );
}, 300_000);

function applied(
  before: StoredValues,
  changes: UndoChange["values"],
): StoredValues {
  const values = { ...before };
  for (const { id, language, before: old, after } of changes) {
    const name = valueName(id, language);
    expect(before[name] ?? null).toBe(old);
    if (after === null) delete values[name];
    else values[name] = String(after);
  }
  return values;
}
