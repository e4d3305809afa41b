"use client";

import { useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import type { RecipeActions } from "@/lib/client/recipe-actions";
import { RECIPE_LIMITS, type RecipeSummary } from "@/lib/domain/recipe";
import { RECIPE_TEXTS as TEXTS, recipeTexts } from "@/lib/wording/recipes";

export function RenameRecipe({
  recipe,
  rename,
  onChanged,
  onClose,
}: {
  recipe: RecipeSummary;
  rename: RecipeActions["rename"];
  onChanged: () => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(recipe.name);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    const result = await rename(recipe.id, name).catch(() => undefined);
    setIsBusy(false);
    if (!result) return setProblem(TEXTS.unreachable);
    if (!result.ok) {
      const [field] = Object.values(result.error.fields ?? {});
      return setProblem(field ?? result.error.message);
    }
    await onChanged();
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={recipeTexts.renameTitle(recipe.name)}
    >
      <form className="space-y-4" onSubmit={(event) => void save(event)}>
        <TextField
          label={TEXTS.nameLabel}
          value={name}
          error={problem}
          maxLength={RECIPE_LIMITS.nameCharsMax}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{TEXTS.cancel}</Button>
          <Button type="submit" variant="primary" isLoading={isBusy}>
            {TEXTS.rename}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
