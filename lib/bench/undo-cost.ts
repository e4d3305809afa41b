import { randomUUID } from "node:crypto";

import type { Entity } from "@/lib/domain/entity";
import { withDb, type Context } from "@/lib/server/context";
import { ingestEntities, ingestRecorded } from "@/lib/server/entries/service";
import { insertUndo } from "@/lib/server/imports/undo-store";
import { createSource } from "@/lib/server/sources/service";

import { openBenchTenant } from "./bench-tenant";
import { makeProduct } from "./catalogue";
import { median, printFigure } from "./figures";

const BATCH = 1_000;
const BATCHES = Number(process.env.BENCH_BATCHES ?? 15);

type Kind = "new" | "changed" | "deleted";

/**
 * What it costs to keep what a Studio batch changed: the same batches of 1,000
 * entries of 20 values into two sources, in turn, with and without; and the
 * bytes it takes.
 */
export async function benchUndoCost(): Promise<void> {
  const { ctx, close } = await openBenchTenant();
  try {
    const [plain, recorded] = await Promise.all(
      ["plain", "recorded"].map((identifier) =>
        createSource(ctx, {
          ...{ identifier, name: identifier },
          ...{ originSystem: "", description: "" },
        }),
      ),
    );
    if (!plain || !recorded) throw new Error("No sources.");
    const runId = randomUUID();
    let sequence = 0;
    for (const kind of ["new", "changed", "deleted"] as const) {
      const ms = { plain: [] as number[], recorded: [] as number[] };
      const first = sequence + 1;
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const entities = batchOf(kind, batch);
        ms.plain.push(await applyPlain(ctx, plain.id, entities));
        sequence += 1;
        const place = { sourceId: recorded.id, runId, sequence };
        ms.recorded.push(await applyRecorded(ctx, place, entities));
      }
      const [kept] = await ctx.db.rows<{ bytes: number }>(
        `select sum(pg_column_size(record) + pg_column_size(hashes))::bigint as bytes
         from run_undo where run_id = $1 and sequence >= $2`,
        [runId, first],
      );
      printFigure(`undo: a batch of 1,000 ${kind} entries of 20 values`, {
        plainMs: median(ms.plain),
        recordedMs: median(ms.recorded),
        ratio: median(ms.recorded) / median(ms.plain),
        bytesAnEntry: (kept?.bytes ?? 0) / (BATCH * BATCHES),
      });
    }
  } finally {
    await close();
  }
}

function batchOf(kind: Kind, batch: number): Entity[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const number = batch * BATCH + index;
    const { key, properties } = makeProduct(number);
    if (kind === "deleted") return { key, delete: true, properties: [] };
    if (kind === "new") return { key, delete: false, properties };
    return {
      key,
      delete: false,
      properties: makeProduct(number + 1e6).properties,
    };
  });
}

async function applyPlain(
  ctx: Context,
  sourceId: string,
  entities: Entity[],
): Promise<number> {
  const startedAt = performance.now();
  await ctx.db.transaction((tx) =>
    ingestEntities(withDb(ctx, tx), sourceId, entities),
  );
  return performance.now() - startedAt;
}

async function applyRecorded(
  ctx: Context,
  place: { sourceId: string; runId: string; sequence: number },
  entities: Entity[],
): Promise<number> {
  const startedAt = performance.now();
  await ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const keys = entities.map(({ key }) => key);
    const { undo } = await ingestRecorded(
      inTx,
      place.sourceId,
      keys,
      () => entities,
    );
    await insertUndo(inTx, place.runId, place.sequence, undo());
  });
  return performance.now() - startedAt;
}
