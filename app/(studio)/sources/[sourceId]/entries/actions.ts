"use server";

import { revalidatePath } from "next/cache";

import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import { deleteEntry } from "@/lib/server/entries/service";

export async function deleteEntryAction(
  sourceId: string,
  key: string,
): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await deleteEntry(ctx, sourceId, key);
    revalidatePath("/sources", "layout");
    return null;
  });
}
