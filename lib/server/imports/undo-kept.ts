import "server-only";

import { AppError } from "@/lib/domain/errors";
import { splitValueName, valueName } from "@/lib/domain/identifiers";
import { settledPlace, type Settled } from "@/lib/domain/undo-plan";
import {
  KEPT_CHARS_MAX,
  type KeptLine,
  type KeptPage,
  type SettledLine,
} from "@/lib/domain/undo-run";
import { requireRole, type Context } from "@/lib/server/context";

import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";
import { selectKept, updateKept } from "./undo-store";

const BATCHES_PER_PAGE = 50;

/** As it is kept and shown. */
export function settledLine(settled: Settled): SettledLine {
  const { key, name, reason, current, before } = settled;
  const { id, language } =
    name === null ? { id: null, language: null } : splitValueName(name);
  const texts = { current: cut(current), before: cut(before) };
  return { key, id, language, reason, ...texts };
}

function cut(text: string | null): string | null {
  if (text === null || text.length <= KEPT_CHARS_MAX) return text;
  return `${text.slice(0, KEPT_CHARS_MAX).toWellFormed()}…`;
}

/** Whether a line is worth telling. */
export function isTold(line: SettledLine): line is KeptLine {
  return line.reason !== "already";
}

/**
 * What the batches of a run that were taken back so far have settled: an
 * earlier batch must not touch it again, nor list it twice.
 */
export type SettledLines = {
  places: ReadonlySet<string>;
  /**
   * Takes those of the lines that are known: such a line stays where it is,
   * with what stood there before the earliest batch. Gives the others.
   */
  takeKnown(lines: SettledLine[]): SettledLine[];
  /** Adds the lines of a batch. */
  add(sequence: number, lines: SettledLine[]): void;
  /** Every line, in order. */
  all(): SettledLine[];
  /** Batches whose lines are others now. */
  changed(): { sequence: number; lines: SettledLine[] }[];
};

export function createSettledLines(): SettledLines {
  const batches = new Map<number, SettledLine[]>();
  const known = new Map<string, { sequence: number; line: SettledLine }>();
  const places = new Set<string>();
  const changed = new Set<number>();
  const placeOf = ({ key, id, language }: SettledLine) =>
    settledPlace(key, id === null ? null : valueName(id, language));
  return {
    places,
    takeKnown: (lines) =>
      lines.filter((line) => {
        const found = known.get(placeOf(line));
        if (!found) return true;
        found.line.before = line.before;
        found.line.reason = line.reason;
        changed.add(found.sequence);
        return false;
      }),
    add(sequence, lines) {
      batches.set(sequence, lines);
      for (const line of lines) {
        const place = placeOf(line);
        places.add(place);
        known.set(place, { sequence, line });
      }
    },
    all: () => [...batches.values()].flat(),
    changed: () =>
      [...changed].map((sequence) => ({
        sequence,
        lines: batches.get(sequence) ?? [],
      })),
  };
}

/** What an undo has settled so far. */
export async function readSettled(
  ctx: Context,
  runId: string,
): Promise<SettledLines> {
  const settled = createSettledLines();
  const all = { runId, after: 0, count: ALL_BATCHES };
  for (const { sequence, lines } of await selectKept(ctx, all)) {
    settled.add(sequence, lines);
  }
  return settled;
}

const ALL_BATCHES = 2_147_483_647;

/** Writes again what a later batch made of earlier lines. */
export async function writeSettled(
  ctx: Context,
  runId: string,
  settled: SettledLines,
): Promise<void> {
  for (const batch of settled.changed()) {
    const keptCount = batch.lines.filter(isTold).length;
    await updateKept(ctx, { runId, ...batch, keptCount });
  }
}

/**
 * What an undo left because others had changed it, a page of batches at a time.
 * Role: viewer.
 *
 * @throws {AppError} `not_found`
 */
export async function listKept(
  ctx: Context,
  runId: string,
  after = 0,
): Promise<KeptPage> {
  requireRole(ctx, "viewer");
  const run = isRunId(runId) ? await findRun(ctx, runId) : undefined;
  if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
  const pages = await selectKept(ctx, {
    runId,
    after,
    count: BATCHES_PER_PAGE,
  });
  const last = pages.length === BATCHES_PER_PAGE ? pages.at(-1) : undefined;
  return {
    lines: pages.flatMap(({ lines }) => lines.filter(isTold)),
    nextAfter: last?.sequence ?? null,
  };
}
