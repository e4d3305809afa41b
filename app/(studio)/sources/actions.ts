"use server";

import { revalidatePath } from "next/cache";

import type { ActionResult } from "@/lib/domain/result";
import type { Source, SourceEdit, SourceInput } from "@/lib/domain/source";
import { runAction } from "@/lib/server/action";
import {
  createSource,
  deleteSource,
  editSource,
  emptySource,
} from "@/lib/server/sources/service";

export async function createSourceAction(
  input: SourceInput,
): Promise<ActionResult<Source>> {
  return runAction(async (ctx) => {
    const source = await createSource(ctx, input);
    revalidatePath("/sources");
    return source;
  });
}

export async function editSourceAction(
  id: string,
  edit: SourceEdit,
): Promise<ActionResult<Source>> {
  return runAction(async (ctx) => {
    const source = await editSource(ctx, id, edit);
    revalidatePath("/sources", "layout");
    return source;
  });
}

export async function emptySourceAction(
  id: string,
  confirmation: string,
): Promise<ActionResult<{ removed: number }>> {
  return runAction(async (ctx) => {
    const result = await emptySource(ctx, id, confirmation);
    revalidatePath("/sources", "layout");
    return result;
  });
}

// Nothing is revalidated: the page that is shown meanwhile is of the source
// that is gone, and would turn into "not found" under the person's eyes.
export async function deleteSourceAction(
  id: string,
  confirmation: string,
): Promise<ActionResult<{ removed: number }>> {
  return runAction((ctx) => deleteSource(ctx, id, confirmation));
}
