import "server-only";

import { z } from "zod";

import { AppError, parseInput } from "@/lib/domain/errors";
import {
  forecastBatch,
  valuesBefore,
  type ForecastAnswer,
  type Repeats,
} from "@/lib/domain/forecast";
import { SEND_LIMITS } from "@/lib/domain/limits";
import { resolveMedia } from "@/lib/domain/media-cells";
import { valueName } from "@/lib/domain/identifiers";
import {
  readTableBatch,
  tableBatchEntities,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { readValues } from "@/lib/server/entries/service";
import { parseJsonBytes } from "@/lib/server/request-body";

import { foreseeTooManyProperties } from "./property-limit";
import { linkedFilesOf } from "./linked-files";
import {
  deleteForecast,
  selectMoment,
  selectRepeated,
  writeRepeated,
} from "./store";
import { inForecastTurn } from "./turns";

export { enterForecast } from "./turns";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const position = z
  .number()
  .int()
  .min(0)
  .max(SEND_LIMITS.entitiesPerBatchMax - 1);
const positions = z
  .array(position)
  .max(SEND_LIMITS.entitiesPerBatchMax)
  .default([]);
const repeatsSchema = z
  .object({ first: positions, again: positions })
  .default({ first: [], again: [] });

export type ForecastedBatch = {
  sourceId: string;
  /** Made by the browser, one for each pass over a file. */
  forecastId: string;
  /** From 1. Batches that name a common entity must come one after another. */
  sequence: number;
  /**
   * The body of the import's batch; its member `repeats` says which entries
   * other batches name too, and `isNearLimit` that the file may bring the source
   * to its limit of properties: then all batches come one after another.
   */
  bytes: Uint8Array;
  /** Where media files are fetched, as the import would write it. */
  mediaBase?: string | undefined;
};

/**
 * What a batch would do if it were imported now, computed with the rules of the
 * import against what is stored. Writes no entry: of entries that several
 * batches name it keeps what the earlier ones would have made of them, for an
 * hour. The same batch again gives the same answer while nobody else writes.
 * Role: editor.
 *
 * @throws {AppError} `not_found` no such source; `invalid_input`, `too_large` as
 *   the import has them; `conflict` what was kept is gone.
 */
export async function forecastTableBatch(
  ctx: Context,
  batch: ForecastedBatch,
): Promise<ForecastAnswer> {
  requireRole(ctx, "editor");
  const { sourceId, forecastId } = batch;
  requireIds(sourceId, forecastId);
  return inForecastTurn(() => compute(ctx, batch));
}

async function compute(
  ctx: Context,
  { sourceId, forecastId, sequence, bytes, mediaBase }: ForecastedBatch,
): Promise<ForecastAnswer> {
  const body = parseJsonBytes(bytes, NOT_JSON);
  const refused = new Set<number>();
  const table = readTableBatch(body, (at) => refused.add(at));
  const repeats = readRepeats(body, table);
  const place = { sourceId, mediaBase };
  const media = resolveMedia(table, await linkedFilesOf(ctx, place, table));
  const entities = tableBatchEntities(media.batch);

  const again = new Set(repeats.again);
  const keys = entities.map(({ key }) => key);
  // On one connection, in one round trip: imports need the others.
  const [at, stored, earlier] = await ctx.db.transaction((tx) => {
    const inTx = withDb(ctx, tx);
    const { first, later } = split(keys, again);
    return Promise.all([
      selectMoment(inTx, sourceId),
      readValues(inTx, sourceId, first),
      later.length === 0
        ? new Map<string, never>()
        : selectRepeated(inTx, { sourceId, forecastId }, later),
    ]);
  });
  if (!at) throw noSuchSource();
  if (isNearLimit(body)) {
    const before = valuesBefore({
      ...{ sequence, entities, repeats, stored, earlier },
    });
    const foreseen = await foreseeTooManyProperties(
      ...([ctx, { sourceId, forecastId }] as const),
      { sequence, entities, refused, before },
    );
    for (const position of foreseen) refused.add(position);
  }
  const made = madeNames(table, media.batch);
  const { answer, repeated } = forecastBatch({
    ...{ sequence, entities, repeats, stored, earlier, made, refused },
  });
  if (repeated.size > 0) {
    await writeRepeated(ctx, { sourceId, forecastId }, repeated);
  }
  return { ...answer, at: at.toISOString() };
}

/**
 * Forgets what a forecast has kept; also one that nobody knows. Role: editor.
 *
 * @throws {AppError} `not_found` for ids that can be none.
 */
export async function endForecast(
  ctx: Context,
  place: { sourceId: string; forecastId: string },
): Promise<void> {
  requireRole(ctx, "editor");
  requireIds(place.sourceId, place.forecastId);
  await deleteForecast(ctx, place);
}

/** Keys to look up in the source, and those of which an earlier batch knows more. */
function split(
  keys: readonly string[],
  again: ReadonlySet<number>,
): { first: string[]; later: string[] } {
  return {
    first: keys.filter((_, at) => !again.has(at)),
    later: keys.filter((_, at) => again.has(at)),
  };
}

/** Values whose text the sender cannot know: addresses and ids of media files. */
function madeNames(sent: TableBatch, resolved: TableBatch): Set<string> {
  const names = new Set<string>();
  for (const [index, [id, language]] of resolved.columns.entries()) {
    const own = sent.columns[index];
    if (!own || own[2]) names.add(valueName(id, language));
  }
  return names;
}

function readRepeats(body: unknown, { rows }: TableBatch): Repeats {
  const { repeats } = body as { repeats?: unknown };
  const read = parseInput(repeatsSchema, repeats);
  const all = [...read.first, ...read.again];
  const isRight =
    new Set(all).size === all.length && all.every((at) => at < rows.length);
  if (isRight) return read;
  throw new AppError(
    "invalid_input",
    "The positions in repeats must be those of rows of the batch, each once.",
  );
}

const isNearLimit = (body: unknown) =>
  (body as { isNearLimit?: unknown }).isNearLimit === true;

const NOT_JSON =
  "The batch is not JSON in UTF-8. Start the forecast again from the import page.";

function requireIds(sourceId: string, forecastId: string): void {
  if (!UUID.test(sourceId)) throw noSuchSource();
  if (!UUID.test(forecastId)) {
    throw new AppError("not_found", "There is no such forecast.");
  }
}

function noSuchSource(): AppError {
  return new AppError(
    "not_found",
    "There is no such source. It may have been deleted meanwhile.",
  );
}
