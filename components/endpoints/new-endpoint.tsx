"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { Endpoint, EndpointInput } from "@/lib/domain/endpoint";
import type { ActionResult } from "@/lib/domain/result";

import { EndpointForm } from "./endpoint-form";

export function NewEndpoint({
  create,
}: {
  create: (input: EndpointInput) => Promise<ActionResult<Endpoint>>;
}) {
  const router = useRouter();
  const queryClient = useQueryClient();
  return (
    <EndpointForm
      save={create}
      onSaved={({ id }) => {
        router.push(paths.endpoint(id));
        void queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
      }}
    >
      <LinkButton href={paths.endpoints()} variant="ghost">
        Cancel
      </LinkButton>
    </EndpointForm>
  );
}
