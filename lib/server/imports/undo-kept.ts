import "server-only";

import { AppError } from "@/lib/domain/errors";
import { splitValueName } from "@/lib/domain/identifiers";
import type { Kept } from "@/lib/domain/undo-plan";
import {
  KEPT_CHARS_MAX,
  type KeptLine,
  type KeptPage,
} from "@/lib/domain/undo-run";
import { requireRole, type Context } from "@/lib/server/context";

import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";
import { selectKept, updateKept } from "./undo-store";

const BATCHES_PER_PAGE = 50;

/** As it is kept and shown. */
export function keptLine({
  key,
  name,
  reason,
  current,
  before,
}: Kept): KeptLine {
  const { id, language } =
    name === null ? { id: null, language: null } : splitValueName(name);
  return {
    key,
    id,
    language,
    reason,
    current: cut(current),
    before: cut(before),
  };
}

function cut(text: string | null): string | null {
  if (text === null || text.length <= KEPT_CHARS_MAX) return text;
  return `${text.slice(0, KEPT_CHARS_MAX).toWellFormed()}…`;
}

/** By this a line is known again. A space is in no key, id or language. */
export function keptPlace({ key, id, language }: KeptLine): string {
  return id === null ? key : `${key} ${id} ${language ?? ""}`;
}

/**
 * Those of the lines that no later batch of the run has listed. A line that one
 * has stays where it is, with what stood there before the earliest batch.
 */
export async function takeKnownKept(
  ctx: Context,
  batch: { runId: string; undoOf: string; kept: KeptLine[] },
): Promise<KeptLine[]> {
  const original = await findRun(ctx, batch.undoOf);
  // Only where a key is in two batches can a line come twice.
  if (original && !original.check.needsOrder) return batch.kept;
  const all = { runId: batch.runId, after: 0, count: 1_000_000 };
  const earlier = await selectKept(ctx, all);
  const known = new Map(
    earlier.flatMap(({ sequence, lines }) =>
      lines.map((line) => [keptPlace(line), { sequence, line }] as const),
    ),
  );
  const changed = new Set<number>();
  const fresh = batch.kept.filter((line) => {
    const found = known.get(keptPlace(line));
    if (!found) return true;
    found.line.before = line.before;
    changed.add(found.sequence);
    return false;
  });
  for (const { sequence, lines } of earlier) {
    if (changed.has(sequence)) {
      await updateKept(ctx, { runId: batch.runId, sequence, lines });
    }
  }
  return fresh;
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
    lines: pages.flatMap(({ lines }) => lines),
    nextAfter: last?.sequence ?? null,
  };
}
