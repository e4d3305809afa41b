import type { Metadata } from "next";
import { headers } from "next/headers";

import { PushGuide } from "@/components/sources/push-guide";
import { ingestUrl } from "@/lib/server/ingest-url";

import { loadSource } from "../load-source";

export const metadata: Metadata = { title: "How to push" };

type Params = { params: Promise<{ sourceId: string }> };

export default async function PushPage({ params }: Params) {
  const { source } = await loadSource((await params).sourceId);
  return <PushGuide source={source} ingestUrl={ingestUrl(await headers())} />;
}
