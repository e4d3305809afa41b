"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { entryQueries } from "@/lib/client/entry-queries";
import { formatCount } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { Entry } from "@/lib/domain/entry";
import type { ActionResult } from "@/lib/domain/result";

import { EntryValues } from "./entry-values";

type EntryDetailsProps = {
  sourceId: string;
  entryKey: string;
  mayDelete: boolean;
  /** A server action, handed down by the page. */
  remove: (sourceId: string, key: string) => Promise<ActionResult<null>>;
};

export function EntryDetails({
  sourceId,
  entryKey,
  mayDelete,
  remove,
}: EntryDetailsProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const query = useQuery(entryQueries.one(sourceId, entryKey));
  const entry = query.data;
  if (!entry) {
    return (
      <PartPlaceholder
        what="The entry"
        failure={query.error}
        retry={() => void query.refetch()}
      />
    );
  }

  async function deleteIt(): Promise<string | undefined> {
    const result = await remove(sourceId, entryKey);
    if (!result.ok) return result.error.message;
    toast.success(`The entry ${entryKey} was deleted`);
    router.push(paths.sourceEntries(sourceId));
    queryClient.removeQueries({ queryKey: entryQueries.all(sourceId) });
    await queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
  }

  return (
    <article className="space-y-5">
      <TextLink href={paths.sourceEntries(sourceId)}>
        <ArrowLeft aria-hidden className="mr-1 inline size-3.5" />
        All entries
      </TextLink>
      <header className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 className="flex items-center gap-1 font-mono text-lg font-semibold">
            <span className="wrap-anywhere">{entry.key}</span>
            <CopyButton
              text={entry.key}
              label="key"
              isIconOnly
              variant="ghost"
            />
          </h2>
          <p className="mt-1 text-sm text-muted">
            {formatCount(entry.values.length, "value")}
            {" · changed "}
            <RelativeTime at={entry.updatedAt} />
            {" · created "}
            <RelativeTime at={entry.createdAt} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={asJson(entry)} label="as JSON" size="md" />
          {mayDelete && (
            <AlertDialog
              trigger={
                <Button variant="dangerQuiet">
                  <Trash2 aria-hidden />
                  Delete
                </Button>
              }
              title={`Delete ${entry.key}?`}
              description={`The entry and its ${formatCount(entry.values.length, "value")} are removed for good. An import that sends the key again makes it anew.`}
              confirmLabel="Delete entry"
              onConfirm={deleteIt}
            />
          )}
        </div>
      </header>
      <EntryValues values={entry.values} />
    </article>
  );
}

/** As the ingest API takes it. */
function asJson({ key, values }: Entry): string {
  const properties = values.map(({ id, value, language }) => ({
    id,
    value,
    language,
  }));
  return JSON.stringify({ key, properties }, null, 2);
}
