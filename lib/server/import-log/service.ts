import "server-only";

import { z } from "zod";

import { AppError } from "@/lib/domain/errors";
import type { ImportLogPage, LoggedImport } from "@/lib/domain/import-log";
import type { BodyProblem } from "@/lib/domain/wire-problems";
import { requireRole, type Context } from "@/lib/server/context";

import { insertRefused, selectImports, type LogRow } from "./store";

export {
  checkAccepted,
  claimIdempotencyKey,
  findByIdempotencyKey,
  finishIdempotent,
  sendAccepted,
  type AppliedCounts,
  type ImportRow,
} from "./store";

const PAGE_ROWS_MAX = 200;
const PROBLEMS_LOGGED_MAX = 20;
const PROBLEM_CHARS_MAX = 500;

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * Imports into a source through the ingest API, newest first, refused ones
 * too. Role: viewer.
 *
 * @throws {AppError} `invalid_input` when `before` is not from an earlier page.
 */
export async function listImports(
  ctx: Context,
  sourceId: string,
  page: { before?: string | undefined; rowsMax?: number } = {},
): Promise<ImportLogPage> {
  requireRole(ctx, "viewer");
  const rowsMax = Math.min(page.rowsMax ?? 50, PAGE_ROWS_MAX);
  const rows = await selectImports(
    ctx,
    sourceId,
    page.before === undefined ? undefined : readCursor(page.before),
    rowsMax + 1,
  );
  const shown = rows.slice(0, rowsMax).map(toLoggedImport);
  const last = shown.at(-1);
  const hasMore = rows.length > rowsMax && last !== undefined;
  return {
    imports: shown,
    next: hasMore ? `${last.at}_${last.id}` : null,
  };
}

/**
 * Logs an import that broke rules, with what was answered: clients show their
 * users the status alone (contract 7). At most 20 problems of 500 characters.
 */
export function logRefusedImport(
  place: Parameters<typeof insertRefused>[0],
  row: Parameters<typeof insertRefused>[1],
  problems: BodyProblem[],
): Promise<void> {
  const texts = problems
    .slice(0, PROBLEMS_LOGGED_MAX)
    .map(({ message }) => message.slice(0, PROBLEM_CHARS_MAX).toWellFormed());
  return insertRefused(place, row, texts);
}

function readCursor(before: string): { at: Date; id: string } {
  const read = cursorSchema.safeParse(before.split("_"));
  if (!read.success) {
    throw new AppError(
      "invalid_input",
      "This place in the list is not known. Go back to its first page.",
    );
  }
  return { at: new Date(read.data[0]), id: read.data[1] };
}

function toLoggedImport(row: LogRow): LoggedImport {
  return {
    id: row.id,
    status: row.status,
    provider:
      row.provider_name === null
        ? null
        : { id: row.provider_id, name: row.provider_name },
    requestId: row.request_id,
    correlationId: row.correlation_id,
    bytes: row.bytes,
    entities: row.entities,
    created: row.created,
    updated: row.updated,
    unchanged: row.unchanged,
    deleted: row.deleted,
    ms: row.ms,
    flags: row.flags,
    problems: row.problems ?? [],
    repeats: row.repeats,
    at: row.at.toISOString(),
    lastAt: row.last_at.toISOString(),
  };
}
