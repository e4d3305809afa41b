import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { ProviderDetail } from "@/components/providers/provider-detail";
import { providerQueries } from "@/lib/client/provider-queries";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { AppError } from "@/lib/domain/errors";
import { hasRole } from "@/lib/server/context";
import { getProvider } from "@/lib/server/providers/service";
import { requireSession } from "@/lib/server/session";
import { listOwnSources } from "@/lib/server/sources/service";

import {
  addSecretAction,
  deleteProviderAction,
  editProviderAction,
  revokeSecretAction,
} from "../actions";

type Params = { params: Promise<{ providerId: string }> };

const loadProvider = cache(async (providerId: string) => {
  const ctx = await requireSession();
  try {
    return { ctx, provider: await getProvider(ctx, providerId) };
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { provider } = await loadProvider((await params).providerId);
  return { title: provider.name };
}

export default async function ProviderPage({ params }: Params) {
  const { ctx, provider } = await loadProvider((await params).providerId);
  const sources = await listOwnSources(ctx);
  return (
    <SeededQueries
      state={seedQueries([providerQueries.one(provider.id).queryKey, provider])}
    >
      <ProviderDetail
        key={provider.id}
        provider={provider}
        sources={sources.map(({ id, identifier, name }) => ({
          id,
          identifier,
          name,
        }))}
        mayChange={hasRole(ctx, "admin")}
        edit={editProviderAction}
        addSecret={addSecretAction}
        revokeSecret={revokeSecretAction}
        remove={deleteProviderAction}
      />
    </SeededQueries>
  );
}
