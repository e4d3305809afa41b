"use client";

import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import type { OpenedFile } from "@/lib/client/import-session";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { withColumn } from "@/lib/domain/mapping-edit";
import {
  mappingForFile,
  type ColumnDrift,
  type DriftColumn,
} from "@/lib/domain/recipe-drift";
import { RECIPE_TEXTS as TEXTS, recipeTexts } from "@/lib/wording/recipes";

import { CellText } from "./cell-text";

const LISTED_MAX = 20;

/** Columns renamed, gone and new since the recipe was saved, and what can be done about each. */
export function RecipeDrift({
  opened,
  drift,
  onMapping,
}: {
  opened: OpenedFile;
  drift: ColumnDrift;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
}) {
  const { mapping, suggested, preview, recipe } = opened;
  const stepsLost = recipe
    ? mappingForFile(recipe.stored.recipe, drift, preview.headers.length)
        .stepsLost
    : 0;
  const canAdd = drift.added.some(
    ({ column }) =>
      mapping.columns[column]?.as === "ignore" &&
      suggested.columns[column]?.as !== "ignore",
  );
  return (
    <div className="space-y-4 rounded-card border border-border bg-surface px-4 py-3 text-sm shadow-card">
      {drift.isReordered && <p>{TEXTS.reordered}</p>}
      {drift.renamed.length > 0 && (
        <Group title={TEXTS.renamed} hint={TEXTS.renamedHint}>
          {drift.renamed.map(({ from, to }) => (
            <li
              key={to.column}
              className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1"
            >
              <span className="min-w-0 break-words">
                {recipeTexts.renamedTo(from.header, to.header)}
              </span>
              {mapping.columns[to.column]?.as !== "ignore" && (
                <Button
                  size="sm"
                  variant="ghost"
                  onClick={() =>
                    onMapping((now) =>
                      withColumn(now, to.column, { as: "ignore" }),
                    )
                  }
                >
                  {TEXTS.notTheSame}
                  <span className="sr-only">{`: ${from.header}, ${to.header}`}</span>
                </Button>
              )}
            </li>
          ))}
        </Group>
      )}
      {drift.gone.length > 0 && (
        <Group title={TEXTS.gone} hint={TEXTS.goneHint}>
          <Names columns={drift.gone} />
          {stepsLost > 0 && (
            <li className="text-warning-text">
              {recipeTexts.stepsLost(stepsLost)}
            </li>
          )}
        </Group>
      )}
      {drift.added.length > 0 && (
        <Group title={TEXTS.added} hint={TEXTS.addedHint}>
          <Names columns={drift.added} />
          {canAdd && (
            <li>
              <Button
                size="sm"
                onClick={() =>
                  onMapping((now) => withSuggested(now, suggested, drift))
                }
              >
                {TEXTS.useAdded}
              </Button>
            </li>
          )}
        </Group>
      )}
    </div>
  );
}

/** New columns as suggested, unless that would make a second key or delete column. */
function withSuggested(
  mapping: ColumnMapping,
  suggested: ColumnMapping,
  { added }: ColumnDrift,
): ColumnMapping {
  return added.reduce((now, { column }) => {
    const use = suggested.columns[column];
    return use?.as === "property" && now.columns[column]?.as === "ignore"
      ? withColumn(now, column, use)
      : now;
  }, mapping);
}

function Group({
  title,
  hint,
  children,
}: {
  title: string;
  hint: string;
  children: ReactNode;
}) {
  return (
    <section>
      <h2 className="font-medium">{title}</h2>
      <p className="text-[0.8125rem] text-muted">{hint}</p>
      <ul className="mt-1.5 space-y-1">{children}</ul>
    </section>
  );
}

function Names({ columns }: { columns: readonly DriftColumn[] }) {
  return (
    <>
      {columns.slice(0, LISTED_MAX).map(({ column, header }) => (
        <li key={column} className="break-words">
          <CellText text={header} />
        </li>
      ))}
      {columns.length > LISTED_MAX && (
        <li className="text-muted">
          {recipeTexts.moreColumns(columns.length - LISTED_MAX)}
        </li>
      )}
    </>
  );
}
