import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { PushGuide } from "@/components/sources/push-guide";
import { paths } from "@/lib/client/paths";
import { ingestUrl } from "@/lib/server/ingest-url";

import { loadSource } from "../load-source";

export const metadata: Metadata = { title: "How to push" };

type Params = { params: Promise<{ sourceId: string }> };

export default async function PushPage({ params }: Params) {
  const { source } = await loadSource((await params).sourceId);
  // What is pushed to a remote source is pushed to its endpoint.
  if (source.endpoint) redirect(paths.source(source.id));
  return <PushGuide source={source} ingestUrl={ingestUrl(await headers())} />;
}
