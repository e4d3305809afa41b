import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { EntryDetails } from "@/components/entries/entry-details";
import { entryQueries } from "@/lib/client/entry-queries";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { AppError } from "@/lib/domain/errors";
import { hasRole, type Context } from "@/lib/server/context";
import { getEntry } from "@/lib/server/entries/service";

import { loadSource } from "../../load-source";
import { deleteEntryAction } from "../actions";

type Params = { params: Promise<{ sourceId: string; key: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: (await params).key };
}

export default async function EntryPage({ params }: Params) {
  const { sourceId, key } = await params;
  const { ctx, source } = await loadSource(sourceId);
  const entry = await loadEntry(ctx, source.id, key);
  return (
    <SeededQueries
      state={seedQueries([entryQueries.one(source.id, key).queryKey, entry])}
    >
      <EntryDetails
        sourceId={source.id}
        entryKey={key}
        mayDelete={hasRole(ctx, "editor")}
        remove={deleteEntryAction}
      />
    </SeededQueries>
  );
}

async function loadEntry(ctx: Context, sourceId: string, key: string) {
  try {
    return await getEntry(ctx, sourceId, key);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
