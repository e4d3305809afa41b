import type { Metadata } from "next";
import { headers } from "next/headers";

import { PageHeader } from "@/components/shell/page-header";
import { SourceForm } from "@/components/sources/source-form";
import { Notice } from "@/components/ui/notice";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { ingestUrl } from "@/lib/server/ingest-url";
import { requireSession } from "@/lib/server/session";

import { createSourceAction } from "../actions";

export const metadata: Metadata = { title: "Create a source" };

export default async function NewSourcePage() {
  const ctx = await requireSession();
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: "Sources", href: paths.sources() }]}
        title="Create a source"
      />
      {hasRole(ctx, "editor") ? (
        <SourceForm
          ingestUrl={ingestUrl(await headers())}
          create={createSourceAction}
        />
      ) : (
        <Notice tone="warning">
          Only editors and administrators may create a source. Ask an
          administrator to do it or to change your role.
        </Notice>
      )}
    </>
  );
}
