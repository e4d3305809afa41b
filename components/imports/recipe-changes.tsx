"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Switch } from "@/components/ui/switch";
import type { CheckedFile, OpenedFile } from "@/lib/client/import-session";
import { driftOf } from "@/lib/client/recipe-offer";
import { recipeQueries } from "@/lib/client/recipe-queries";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { hasDrifted } from "@/lib/domain/recipe-drift";
import type { ValueShift } from "@/lib/domain/value-shifts";
import type { FileChanges } from "@/lib/importer/file-changes";
import {
  CHANGE_TEXTS as TEXTS,
  changeTexts,
  shiftSentence,
} from "@/lib/wording/recipe-changes";
import { recipeTexts } from "@/lib/wording/recipes";

import { CellText } from "./cell-text";

const SHIFTS_LISTED = 50;

type RecipeChangesProps = {
  opened: OpenedFile;
  checked: CheckedFile;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
  onAdjust: () => void;
};

/** What is not as it was in the last file of the recipe, in a line or two; nothing without such a file. */
export function RecipeChanges({
  opened,
  checked,
  onMapping,
  onAdjust,
}: RecipeChangesProps) {
  const detailsId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const changes = checked.insights.changes;
  const followed = opened.mapping.recipe;
  if (!changes || !followed) return null;
  const { last, shifts } = changes;
  const columns = new Set(shifts.map(({ header }) => header)).size;
  const isPinned = followed.onlyChangedSince !== undefined;

  return (
    <section
      aria-label={TEXTS.title}
      className="space-y-3 rounded-card border border-border bg-surface px-5 py-4 text-sm shadow-card"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 break-words">
          <h2 className="font-medium">
            {TEXTS.title}
            <span className="font-normal text-muted">
              {` (${last.fileName}, `}
              <RelativeTime at={last.at} />
              {")"}
            </span>
          </h2>
          <p className="tabular-nums">
            {`${changeTexts.summary(changes)} ${changeTexts.different(columns)}`}
          </p>
          <ColumnsLine opened={opened} />
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            size="sm"
            aria-expanded={isOpen}
            aria-controls={detailsId}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? TEXTS.hide : TEXTS.show}
          </Button>
          <Button size="sm" variant="ghost" onClick={onAdjust}>
            {TEXTS.adjust}
          </Button>
        </div>
      </div>
      <div id={detailsId}>
        {isOpen && <ChangeDetails changes={changes} recipeId={followed.id} />}
      </div>
      {last.isCurrent || isPinned ? (
        changes.unchanged > 0 && (
          <Switch
            label={TEXTS.onlyChanged}
            hint={changeTexts.onlyChangedHint(changes.unchanged)}
            checked={isPinned}
            onChange={({ target }) =>
              onMapping((mapping) =>
                withOnlyChanged(mapping, target.checked ? last.id : undefined),
              )
            }
          />
        )
      ) : (
        <p className="text-[0.8125rem] text-muted">
          {changeTexts.notCurrent(last.fileName)}
        </p>
      )}
    </section>
  );
}

function withOnlyChanged(
  mapping: ColumnMapping,
  since: string | undefined,
): ColumnMapping {
  const { recipe } = mapping;
  return recipe
    ? {
        ...mapping,
        recipe: {
          id: recipe.id,
          ...(since !== undefined && { onlyChangedSince: since }),
        },
      }
    : mapping;
}

function ColumnsLine({ opened }: { opened: OpenedFile }) {
  const { recipe } = opened;
  if (!recipe) return null;
  const drift = driftOf(recipe.stored, opened);
  if (!hasDrifted(drift)) return null;
  return (
    <p>
      {recipeTexts.drift({
        renamed: drift.renamed.length,
        gone: drift.gone.length,
        added: drift.added.length,
      })}
    </p>
  );
}

function ChangeDetails({
  changes,
  recipeId,
}: {
  changes: FileChanges;
  recipeId: string;
}) {
  const { shifts, added, addedKeys, gone } = changes;
  if (shifts.length === 0 && added === 0 && gone === 0) {
    return <p className="text-muted">{TEXTS.nothing}</p>;
  }
  return (
    <div className="grid gap-4 border-t border-border pt-3 sm:grid-cols-2">
      {shifts.length > 0 && (
        <Group title={TEXTS.shifts} className="sm:col-span-2">
          <Shifts shifts={shifts} />
        </Group>
      )}
      {added > 0 && (
        <Group title={TEXTS.newKeys}>
          <Keys keys={addedKeys} total={added} />
        </Group>
      )}
      {gone > 0 && (
        <Group title={TEXTS.goneKeys} hint={TEXTS.goneHint}>
          <GoneKeys changes={changes} recipeId={recipeId} />
        </Group>
      )}
    </div>
  );
}

function Group({
  title,
  hint,
  className,
  children,
}: {
  title: string;
  hint?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={className}>
      <h3 className="font-medium">{title}</h3>
      {hint && <p className="text-[0.8125rem] text-muted">{hint}</p>}
      {children}
    </div>
  );
}

function Shifts({ shifts }: { shifts: readonly ValueShift[] }) {
  const more = shifts.length - SHIFTS_LISTED;
  return (
    <ul className="mt-1 list-disc space-y-1 pl-5">
      {shifts.slice(0, SHIFTS_LISTED).map((shift, index) => (
        <li key={index} className="break-words">
          <span className="font-medium">
            <CellText text={shift.header} />
          </span>
          {`: ${shiftSentence(shift)}`}
        </li>
      ))}
      {more > 0 && <li className="text-muted">{changeTexts.andMore(more)}</li>}
    </ul>
  );
}

function GoneKeys({
  changes: { gone, goneHashes },
  recipeId,
}: {
  changes: FileChanges;
  recipeId: string;
}) {
  const { data, isPending } = useQuery(
    recipeQueries.goneKeys(recipeId, goneHashes),
  );
  if (isPending) return <p className="text-muted">{TEXTS.looking}</p>;
  if (!data) return <p className="text-muted">{TEXTS.notFound}</p>;
  return data.length > 0 ? (
    <Keys keys={data} total={gone} />
  ) : (
    <p className="text-muted">{TEXTS.goneUnknown}</p>
  );
}

function Keys({ keys, total }: { keys: readonly string[]; total: number }) {
  const more = total - keys.length;
  return (
    <p className="mt-1 break-words">
      <span className="font-mono text-[0.8125rem]">{keys.join(", ")}</span>
      {more > 0 && (
        <span className="text-muted">{` ${changeTexts.andMore(more)}`}</span>
      )}
    </p>
  );
}
