"use client";

import { useQueryClient } from "@tanstack/react-query";
import { BookMarked } from "lucide-react";
import { useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { LiveRegion } from "@/components/ui/live-region";
import type { ImportController } from "@/lib/client/import-controller";
import type { ImportSession, OpenedFile } from "@/lib/client/import-session";
import type { RecipeActions } from "@/lib/client/recipe-actions";
import { isAsSaved } from "@/lib/client/recipe-offer";
import { recipeQueries } from "@/lib/client/recipe-queries";
import {
  RECIPE_LIMITS,
  recipeOf,
  suggestRecipeName,
  type StoredRecipe,
} from "@/lib/domain/recipe";
import type { ActionResult } from "@/lib/domain/result";
import { RECIPE_TEXTS as TEXTS, recipeTexts } from "@/lib/wording/recipes";

type SaveRecipeProps = {
  sourceId: string;
  session: ImportSession;
  controller: ImportController;
  actions: RecipeActions;
};

/** One line that keeps the mapping for the next file: as a new recipe, or in the place of the one that was followed. */
export function SaveRecipe({ session, ...rest }: SaveRecipeProps) {
  return session.at === "checked" || session.at === "ended" ? (
    <SaveLine {...rest} opened={session.opened} />
  ) : null;
}

function SaveLine({
  sourceId,
  opened,
  actions,
  controller,
}: Omit<SaveRecipeProps, "session"> & { opened: OpenedFile }) {
  const queryClient = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState("");
  const recipe = recipeOf({
    headers: opened.preview.headers,
    options: opened.preview.options,
    mapping: opened.mapping,
  });
  const stored = opened.recipe?.stored;
  const followed =
    stored && opened.mapping.recipe?.id === stored.id ? stored : undefined;
  const isChanged = followed !== undefined && !isAsSaved(followed, opened);

  async function keep(
    save: () => Promise<ActionResult<StoredRecipe>>,
    said: (name: string) => string,
  ): Promise<void> {
    if (isBusy) return;
    setIsBusy(true);
    setProblem(undefined);
    const result = await save().catch(() => undefined);
    setIsBusy(false);
    if (!result) return setProblem(TEXTS.unreachable);
    if (!result.ok) {
      const [field] = Object.values(result.error.fields ?? {});
      return setProblem(field ?? result.error.message);
    }
    setNaming(false);
    setDone(said(result.data.name));
    controller.keepRecipe(result.data);
    await queryClient.invalidateQueries({ queryKey: recipeQueries.all() });
  }

  if (followed && !isChanged) {
    return <LiveRegion>{done}</LiveRegion>;
  }
  return (
    <div className="mt-5 rounded-card border border-border bg-surface px-4 py-2.5 text-sm shadow-card">
      {naming ? (
        <NameForm
          suggested={suggestRecipeName(
            opened.file.name,
            stored ? [stored.name] : [],
          )}
          isBusy={isBusy}
          problem={problem}
          onCancel={() => setNaming(false)}
          onSave={(name) =>
            void keep(
              () => actions.create(sourceId, { name, recipe }),
              recipeTexts.saved,
            )
          }
        />
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p className="flex min-w-0 items-start gap-2 break-words text-muted">
            <BookMarked aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span>
              {isChanged ? recipeTexts.changed(followed.name) : TEXTS.saveHint}
              {problem && (
                <span role="alert" className="block text-danger-text">
                  {problem}
                </span>
              )}
            </span>
          </p>
          <div className="flex flex-wrap gap-2">
            {isChanged && (
              <Button
                size="sm"
                isLoading={isBusy}
                onClick={() =>
                  void keep(
                    () => actions.replace(followed.id, recipe),
                    recipeTexts.updated,
                  )
                }
              >
                {TEXTS.update}
              </Button>
            )}
            <Button
              size="sm"
              variant={isChanged ? "ghost" : "secondary"}
              onClick={() => {
                setProblem(undefined);
                setNaming(true);
              }}
            >
              {isChanged ? TEXTS.keepAsNew : TEXTS.save}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function NameForm({
  suggested,
  isBusy,
  problem,
  onCancel,
  onSave,
}: {
  suggested: string;
  isBusy: boolean;
  problem: string | undefined;
  onCancel: () => void;
  onSave: (name: string) => void;
}) {
  const [name, setName] = useState(suggested);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(name);
  };
  return (
    <form className="flex flex-wrap items-end gap-2 py-1" onSubmit={submit}>
      <TextField
        label={TEXTS.nameLabel}
        className="min-w-48 flex-1"
        value={name}
        error={problem}
        maxLength={RECIPE_LIMITS.nameCharsMax}
        autoComplete="off"
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" isLoading={isBusy}>
        {TEXTS.saveButton}
      </Button>
      <Button variant="ghost" onClick={onCancel}>
        {TEXTS.cancel}
      </Button>
    </form>
  );
}
