import type { Metadata } from "next";
import { headers } from "next/headers";

import { ApiGuide } from "@/components/api-guide/api-guide";
import { PageHeader } from "@/components/shell/page-header";
import { requireSession } from "@/lib/server/session";
import { appOpenApiDocument } from "@/lib/server/wire/openapi-response";

export const metadata: Metadata = { title: "API" };

export default async function ApiGuidePage() {
  await requireSession();
  return (
    <>
      <PageHeader
        title="API"
        description="For those who write programs that send entries and media files."
      />
      <ApiGuide document={appOpenApiDocument(await headers())} />
    </>
  );
}
