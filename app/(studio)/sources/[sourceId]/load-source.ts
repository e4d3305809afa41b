import { notFound } from "next/navigation";
import { cache } from "react";

import { AppError } from "@/lib/domain/errors";
import type { Source } from "@/lib/domain/source";
import type { Context } from "@/lib/server/context";
import { requireSession } from "@/lib/server/session";
import { getSource } from "@/lib/server/sources/service";

/** The source of the address, read once for the layout and the page; else "not found". */
export const loadSource = cache(
  async (sourceId: string): Promise<{ ctx: Context; source: Source }> => {
    const ctx = await requireSession();
    try {
      return { ctx, source: await getSource(ctx, sourceId) };
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") notFound();
      throw error;
    }
  },
);
