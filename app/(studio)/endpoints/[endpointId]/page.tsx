import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { EndpointDetail } from "@/components/endpoints/endpoint-detail";
import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { paths } from "@/lib/client/paths";
import { AppError } from "@/lib/domain/errors";
import { hasRole } from "@/lib/server/context";
import { getEndpoint } from "@/lib/server/endpoints/service";
import { requireSession } from "@/lib/server/session";
import { endpointWords } from "@/lib/wording/endpoints";

import {
  deleteEndpointAction,
  editEndpointAction,
  testEndpointAction,
} from "../actions";

type Params = { params: Promise<{ endpointId: string }> };

const loadEndpoint = cache(async (endpointId: string) => {
  const ctx = await requireSession();
  if (!hasRole(ctx, "admin")) return undefined;
  try {
    return await getEndpoint(ctx, endpointId);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const endpoint = await loadEndpoint((await params).endpointId);
  return { title: endpoint?.name ?? endpointWords.title };
}

export default async function EndpointPage({ params }: Params) {
  const endpoint = await loadEndpoint((await params).endpointId);
  if (!endpoint) return <NoAccessState role="admin" />;
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: endpointWords.title, href: paths.endpoints() }]}
        title={endpoint.name}
        description={endpoint.url}
      />
      <EndpointDetail
        key={endpoint.id}
        endpoint={endpoint}
        edit={editEndpointAction}
        test={testEndpointAction}
        remove={deleteEndpointAction}
      />
    </>
  );
}
