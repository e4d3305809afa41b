import type { Metadata } from "next";
import type { ReactNode } from "react";

import { SourceHeader } from "@/components/sources/source-header";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { sourceQueries } from "@/lib/client/source-queries";
import { hasRole } from "@/lib/server/context";

import { loadSource } from "./load-source";

type Params = { params: Promise<{ sourceId: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { source } = await loadSource((await params).sourceId);
  return {
    title: {
      default: source.name,
      template: `%s · ${source.name} · Source Studio`,
    },
  };
}

export default async function SourceLayout({
  params,
  children,
}: Params & { children: ReactNode }) {
  const { ctx, source } = await loadSource((await params).sourceId);
  return (
    <SeededQueries
      state={seedQueries([sourceQueries.one(source.id).queryKey, source])}
    >
      <SourceHeader source={source} mayImport={hasRole(ctx, "editor")} />
      {children}
    </SeededQueries>
  );
}
