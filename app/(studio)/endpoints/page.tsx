import { Plus } from "lucide-react";
import type { Metadata } from "next";

import { EndpointList } from "@/components/endpoints/endpoint-list";
import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { listEndpoints } from "@/lib/server/endpoints/service";
import { requireSession } from "@/lib/server/session";
import { endpointWords } from "@/lib/wording/endpoints";

export const metadata: Metadata = { title: endpointWords.title };

export default async function EndpointsPage() {
  const ctx = await requireSession();
  if (!hasRole(ctx, "admin")) return <NoAccessState role="admin" />;
  const endpoints = await listEndpoints(ctx);
  return (
    <>
      <PageHeader
        title={endpointWords.title}
        description={endpointWords.about}
        actions={
          endpoints.length > 0 && (
            <LinkButton href={paths.newEndpoint()} variant="primary">
              <Plus aria-hidden />
              {endpointWords.create}
            </LinkButton>
          )
        }
      />
      <EndpointList endpoints={endpoints} />
    </>
  );
}
