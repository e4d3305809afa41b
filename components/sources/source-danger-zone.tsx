"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { formatCount } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { ActionResult } from "@/lib/domain/result";
import type { Source } from "@/lib/domain/source";
import { endpointWords } from "@/lib/wording/endpoints";

type Remove = (
  id: string,
  confirmation: string,
) => Promise<ActionResult<{ removed: number }>>;

type SourceDangerZoneProps = {
  source: Source;
  mayEmpty: boolean;
  mayDelete: boolean;
  empty: Remove;
  remove: Remove;
};

export function SourceDangerZone({
  source,
  mayEmpty,
  mayDelete,
  empty,
  remove,
}: SourceDangerZoneProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const entries = formatCount(source.entryCount, "entry", "entries");

  async function emptyIt(): Promise<string | undefined> {
    const result = await empty(source.id, source.identifier);
    if (!result.ok) return result.error.message;
    toast.success(
      `${formatCount(result.data.removed, "entry", "entries")} removed`,
    );
    await queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
    router.refresh();
  }

  async function deleteIt(): Promise<string | undefined> {
    const result = await remove(source.id, source.identifier);
    if (!result.ok) return result.error.message;
    toast.success(`The source ${source.name} was deleted`);
    router.push(paths.sources());
    queryClient.removeQueries({
      queryKey: sourceQueries.one(source.id).queryKey,
    });
    await queryClient.invalidateQueries({
      queryKey: sourceQueries.list().queryKey,
    });
  }

  return (
    <Section title="Danger zone" tone="danger">
      <div className="divide-y divide-border">
        <Danger
          title="Empty this source"
          text="Removes all its entries. Properties, imports and providers stay."
          refusal={
            mayEmpty
              ? null
              : source.endpoint
                ? endpointWords.notEmptied
                : "Only editors and administrators may empty a source."
          }
        >
          <AlertDialog
            trigger={<Button variant="dangerQuiet">Empty source…</Button>}
            title={`Empty ${source.name}?`}
            description={`All its entries (${entries} now) are removed for good. Import runs that have not ended are cancelled. Programs may go on pushing into it.`}
            confirmLabel="Remove all entries"
            typedConfirmation={source.identifier}
            onConfirm={emptyIt}
          />
        </Danger>
        <Danger
          title="Delete this source"
          text="Removes the source with everything in it, also its imports."
          refusal={
            mayDelete ? null : "Only administrators may delete a source."
          }
        >
          <AlertDialog
            trigger={<Button variant="danger">Delete source…</Button>}
            title={`Delete ${source.name}?`}
            description={`Its entries (${entries} now), properties, imports and import runs are removed for good. ${breaking(source)}`}
            confirmLabel="Delete this source"
            typedConfirmation={source.identifier}
            onConfirm={deleteIt}
          />
        </Danger>
      </div>
    </Section>
  );
}

function breaking({ providers, endpoint }: Source): string {
  if (endpoint) return endpointWords.keptThere(endpoint.name);
  if (providers.length === 0) return "No provider pushes into it.";
  const names = providers.map((provider) => provider.name).join(", ");
  return `Imports from ${names} will be refused.`;
}

function Danger({
  title,
  text,
  refusal,
  children,
}: {
  title: string;
  text: string;
  /** Why it is not offered. */
  refusal: string | null;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-4 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="text-sm font-medium">{title}</h3>
        <p className="mt-0.5 text-[0.8125rem] text-muted">
          {text}
          {refusal && ` ${refusal}`}
        </p>
      </div>
      {!refusal && children}
    </div>
  );
}
