import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { AppError } from "@/lib/domain/errors";
import { importRunSchema, type ImportRun } from "@/lib/domain/import-run";
import {
  keptPageSchema,
  undoChangeSchema,
  undoForecastSchema,
  undoStateSchema,
  type KeptLine,
  type UndoChange,
  type UndoForecast,
} from "@/lib/domain/undo-run";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { asAppError, getJson } from "./http";
import { importQueries } from "./import-queries";
import { sleep } from "./sleep";

/** About half a minute. */
const ATTEMPTS_MAX = 6;

const runPath = (runId: string) =>
  `/api/import-runs/${encodeURIComponent(runId)}`;

/** Keys and fetchers of undoing a run; below the keys of the runs. */
export const undoQueries = {
  /** `status` and `undoneBy` belong to the key: with another one the answer is another. */
  state: ({ id, status, undoneBy }: ImportRun) =>
    queryOptions({
      queryKey: [
        ...importQueries.all(),
        "undo-state",
        ...[id, status, undoneBy?.status ?? ""],
      ] as const,
      queryFn: ({ signal }) =>
        getJson(`${runPath(id)}/undo`, undoStateSchema, signal),
    }),
  /** The first lines of what an undo left; asked for again when there are more. */
  kept: (runId: string, keptCount: number) =>
    queryOptions({
      queryKey: [...importQueries.all(), "kept", runId, keptCount] as const,
      queryFn: ({ signal }) => readKeptPage(runId, 0, signal),
    }),
};

function readKeptPage(runId: string, after: number, signal?: AbortSignal) {
  const path = `${runPath(runId)}/kept?after=${after}`;
  return getJson(path, keptPageSchema, signal);
}

/** All that an undo left, page by page. */
export async function* readAllKept(runId: string): AsyncGenerator<KeptLine[]> {
  for (let after: number | null = 0; after !== null;) {
    const page: z.output<typeof keptPageSchema> = await readKeptPage(
      runId,
      after,
    );
    yield page.lines;
    after = page.nextAfter;
  }
}

/** What undoing would change in the entries of one batch. */
export function readUndoChanges(
  runId: string,
  batch: number,
): Promise<UndoChange[]> {
  const path = `${runPath(runId)}/undo/changes?batch=${batch}`;
  return getJson(path, z.array(undoChangeSchema));
}

/**
 * Takes back the next batches of an undo, as many as a request does.
 *
 * @throws {AppError} what the server answered; `unavailable` when it cannot be
 *   reached.
 */
export async function postUndoStep(
  runId: string,
  tabId: string,
  signal: AbortSignal,
): Promise<ImportRun> {
  const response = await reach(`${runPath(runId)}/undo/steps`, {
    ...{ method: "POST", headers: { "x-tab-id": tabId }, signal },
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw asAppError(response, body);
  return importRunSchema.parse(body);
}

/** What undoing a run would do, batch by batch as the server works it out. */
export async function* readUndoForecast(
  runId: string,
  signal: AbortSignal,
): AsyncGenerator<UndoForecast> {
  const response = await askInTurn(`${runPath(runId)}/undo/forecast`, signal);
  if (!response.ok || !response.body) {
    const body: unknown = await response.json().catch(() => undefined);
    throw asAppError(response, body);
  }
  let isComplete = false;
  for await (const line of readLines(response.body)) {
    const value: unknown = JSON.parse(line);
    // A failure after the first line comes as a line of its own.
    if (typeof value === "object" && value !== null && "error" in value) {
      throw asAppError(response, value);
    }
    const part = undoForecastSchema.parse(value);
    isComplete = part.batch === part.batches;
    yield part;
  }
  if (!isComplete) {
    throw new AppError("unavailable", IMPORT_FAILURES.compareCutOff);
  }
}

/** Asks again for a while where the server works out too many already. */
async function askInTurn(path: string, signal: AbortSignal): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await reach(path, { signal });
    if (response.status !== 429 || attempt >= ATTEMPTS_MAX) return response;
    await response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after")) || 5;
    await sleep(Math.min(seconds, 30) * 1_000, signal);
    signal.throwIfAborted();
  }
}

async function* readLines(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const text = decoder.decode(value, { stream: true });
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new AppError("unavailable", IMPORT_FAILURES.unreachable, {
      cause: error,
    });
  }
}
