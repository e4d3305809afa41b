import type { Metadata } from "next";

import { NewEndpoint } from "@/components/endpoints/new-endpoint";
import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { requireSession } from "@/lib/server/session";
import { endpointWords } from "@/lib/wording/endpoints";

import { createEndpointAction } from "../actions";

export const metadata: Metadata = { title: endpointWords.create };

export default async function NewEndpointPage() {
  const ctx = await requireSession();
  if (!hasRole(ctx, "admin")) return <NoAccessState role="admin" />;
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: endpointWords.title, href: paths.endpoints() }]}
        title={endpointWords.create}
        description={endpointWords.createAbout}
      />
      <NewEndpoint create={createEndpointAction} />
    </>
  );
}
