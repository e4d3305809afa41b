"use server";

import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import {
  runInputSchema,
  type ImportRun,
  type RunInput,
  type TakenRun,
} from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import {
  cancelRun,
  finishRun,
  pauseRun,
  releaseRun,
  startRun,
  startUndo,
  takeRun,
} from "@/lib/server/imports/service";

const runIdSchema = z.uuid();
const tabIdSchema = z.uuid();
const takeSchema = z.object({ tabId: tabIdSchema, isForced: z.boolean() });

export async function startRunAction(
  input: RunInput,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) => startRun(ctx, parseInput(runInputSchema, input)));
}

export async function takeRunAction(
  runId: string,
  by: { tabId: string; isForced: boolean },
): Promise<ActionResult<TakenRun>> {
  return runAction((ctx) =>
    takeRun(ctx, parseInput(runIdSchema, runId), parseInput(takeSchema, by)),
  );
}

export async function pauseRunAction(
  runId: string,
  tabId: string,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) =>
    pauseRun(
      ctx,
      parseInput(runIdSchema, runId),
      parseInput(tabIdSchema, tabId),
    ),
  );
}

export async function cancelRunAction(
  runId: string,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) => cancelRun(ctx, parseInput(runIdSchema, runId)));
}

export async function finishRunAction(
  runId: string,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) => finishRun(ctx, parseInput(runIdSchema, runId)));
}

export async function startUndoAction(
  runId: string,
  tabId: string,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) =>
    startUndo(
      ctx,
      parseInput(runIdSchema, runId),
      parseInput(tabIdSchema, tabId),
    ),
  );
}

export async function releaseRunAction(
  runId: string,
): Promise<ActionResult<ImportRun>> {
  return runAction((ctx) => releaseRun(ctx, parseInput(runIdSchema, runId)));
}
