"use client";

import { useQueryClient } from "@tanstack/react-query";

import { Section } from "@/components/ui/card";
import { readStoredValues } from "@/lib/client/entry-queries";
import { importQueries } from "@/lib/client/import-queries";
import { paths } from "@/lib/client/paths";
import { loadUndoPage, type UndoPreview } from "@/lib/client/undo-preview";
import { readUndoChanges } from "@/lib/client/undo-queries";
import { completeDiff, type DiffFilter } from "@/lib/domain/entry-diff";
import type { ImportRun } from "@/lib/domain/import-run";
import { UNDO } from "@/lib/wording/undo";

import { ChangesTabs } from "./changes-tabs";

/** What an undo would change, entry by entry and property by property. */
export function UndoChanges({
  run,
  turn,
  preview: { totals, perBatch },
}: {
  run: ImportRun;
  turn: number;
  preview: UndoPreview;
}) {
  const client = useQueryClient();
  async function loadPage(wanted: DiffFilter, from: number, count: number) {
    const page = await loadUndoPage(
      perBatch,
      wanted,
      { from, count },
      (batch) =>
        client.fetchQuery({
          queryKey: [
            ...importQueries.all(),
            ...["undo-changes", run.id, turn, batch],
          ],
          queryFn: () => readUndoChanges(run.id, batch),
          staleTime: Infinity,
        }),
    );
    const there = page.entries.filter(({ change }) => change !== "created");
    const stored = await readStoredValues(
      run.source.id,
      there.map(({ key }) => key),
    ).catch(() => undefined);
    const values = new Map(
      stored?.entries.map((entry) => [entry.key, entry.values]),
    );
    return {
      ...page,
      entries: page.entries.map((entry) =>
        completeDiff(entry, values.get(entry.key) ?? []),
      ),
    };
  }

  return (
    <Section title={UNDO.changes} description={UNDO.changesHint}>
      <ChangesTabs
        id={`undo ${run.id} ${turn}`}
        label={UNDO.views}
        firstChange={null}
        {...{ totals, loadPage }}
        hrefOf={({ change, key }) =>
          change === "created" ? undefined : paths.entry(run.source.id, key)
        }
      />
    </Section>
  );
}
