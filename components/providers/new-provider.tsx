"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import type { ProviderInput, ProviderWithSecret } from "@/lib/domain/provider";
import type { ActionResult } from "@/lib/domain/result";

import { ProviderForm } from "./provider-form";
import { ProviderSecretDialog } from "./provider-secret-dialog";
import type { PickableSource } from "./source-picker";

export function NewProvider({
  sources,
  create,
}: {
  sources: readonly PickableSource[];
  create: (input: ProviderInput) => Promise<ActionResult<ProviderWithSecret>>;
}) {
  const router = useRouter();
  const [made, setMade] = useState<ProviderWithSecret>();
  return (
    <>
      <ProviderForm
        sources={sources}
        defaultValues={{ name: "", sourceIds: [] }}
        submitLabel="Create provider"
        save={create}
        onSaved={setMade}
      >
        <LinkButton href={paths.providers()} variant="ghost">
          Cancel
        </LinkButton>
      </ProviderForm>
      {made && (
        <ProviderSecretDialog
          made={made}
          onStored={() => {
            const next = paths.provider(made.provider.id);
            setMade(undefined);
            router.push(next);
          }}
        />
      )}
    </>
  );
}
