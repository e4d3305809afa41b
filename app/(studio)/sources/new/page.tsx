import type { Metadata } from "next";
import { headers } from "next/headers";

import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { SourceForm } from "@/components/sources/source-form";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { ingestUrl } from "@/lib/server/ingest-url";
import { requireSession } from "@/lib/server/session";

import { createSourceAction } from "../actions";

export const metadata: Metadata = { title: "Create a source" };

export default async function NewSourcePage() {
  const ctx = await requireSession();
  if (!hasRole(ctx, "editor")) return <NoAccessState role="editor" />;
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: "Sources", href: paths.sources() }]}
        title="Create a source"
      />
      <SourceForm
        ingestUrl={ingestUrl(await headers())}
        create={createSourceAction}
      />
    </>
  );
}
