"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type {
  Endpoint,
  EndpointInput,
  EndpointTest as Found,
} from "@/lib/domain/endpoint";
import type { ActionResult } from "@/lib/domain/result";
import { endpointWords } from "@/lib/wording/endpoints";

import { EndpointForm } from "./endpoint-form";
import { EndpointTest } from "./endpoint-test";

type EndpointDetailProps = {
  endpoint: Endpoint;
  edit: (id: string, input: EndpointInput) => Promise<ActionResult<Endpoint>>;
  test: (id: string) => Promise<ActionResult<Found>>;
  remove: (id: string, confirmation: string) => Promise<ActionResult<null>>;
};

export function EndpointDetail({
  endpoint,
  edit,
  test,
  remove,
}: EndpointDetailProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
  return (
    <div className="space-y-6">
      <Section
        title={endpointWords.test.title}
        description={endpointWords.test.about}
      >
        {/* What was found holds for the endpoint as it was then. */}
        <EndpointTest
          key={endpoint.updatedAt}
          endpoint={endpoint}
          test={test}
        />
      </Section>
      <Section title={endpointWords.settings}>
        <EndpointForm
          endpoint={endpoint}
          save={(input) => edit(endpoint.id, input)}
          onSaved={() => {
            toast.success(endpointWords.saved);
            router.refresh();
            void refresh();
          }}
        />
      </Section>
      <Section
        title={endpointWords.remove.title}
        description={endpointWords.remove.about}
        tone="danger"
      >
        <AlertDialog
          trigger={
            <Button variant="danger">{endpointWords.remove.button}</Button>
          }
          title={endpointWords.remove.confirmTitle(endpoint.name)}
          description={endpointWords.remove.warning(endpoint.sources.length)}
          confirmLabel={endpointWords.remove.confirm}
          typedConfirmation={endpoint.name}
          onConfirm={async () => {
            const result = await remove(endpoint.id, endpoint.name);
            if (!result.ok) return result.error.message;
            toast.success(endpointWords.remove.done(endpoint.name));
            router.push(paths.endpoints());
            await refresh();
            return undefined;
          }}
        />
      </Section>
    </div>
  );
}
