"use client";

import { BookMarked } from "lucide-react";
import { useId, useMemo, useState } from "react";

import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/client/class-names";
import type { ImportController } from "@/lib/client/import-controller";
import type { ImportSession, OpenedFile } from "@/lib/client/import-session";
import { driftOf, type OfferedRecipe } from "@/lib/client/recipe-offer";
import { hasDrifted } from "@/lib/domain/recipe-drift";
import { RECIPE_TEXTS as TEXTS, recipeTexts } from "@/lib/wording/recipes";

import { RecipeDrift } from "./recipe-drift";

type RecipeLineProps = { session: ImportSession; controller: ImportController };

/** One line: the recipe that this file follows, or could. Nothing where none fits. */
export function RecipeLine({ session, controller }: RecipeLineProps) {
  const [declined, setDeclined] = useState<string>();
  if (session.at !== "mapping" && session.at !== "checked") return null;
  const { opened } = session;
  const { recipe, mapping } = opened;
  if (!recipe) return null;
  const { stored, fit } = recipe;
  const startAfresh = () => {
    setDeclined(stored.id);
    controller.changeMapping(() => opened.suggested);
  };
  if (mapping.recipe?.id === stored.id) {
    return (
      <FollowedRecipe
        opened={opened}
        recipe={recipe}
        onMapping={controller.changeMapping}
        onStartAfresh={startAfresh}
      />
    );
  }
  if (declined === stored.id) return null;
  return (
    <div className={classNames(LINE, "mb-5")}>
      <p className={TEXT}>
        <BookMarked aria-hidden className={ICON} />
        <span>{recipeTexts.offered(stored.name, fit.found, fit.total)}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={controller.followRecipe}>
          {TEXTS.useIt}
        </Button>
        <Button size="sm" variant="ghost" onClick={startAfresh}>
          {TEXTS.startAfresh}
        </Button>
      </div>
    </div>
  );
}

const LINE =
  "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-card border border-border bg-surface px-4 py-2.5 text-sm shadow-card";
const TEXT = "flex min-w-0 items-start gap-2 break-words";
const ICON = "mt-0.5 size-4 shrink-0 text-muted";

function FollowedRecipe({
  opened,
  recipe: { stored },
  onMapping,
  onStartAfresh,
}: {
  opened: OpenedFile;
  recipe: OfferedRecipe;
  onMapping: ImportController["changeMapping"];
  onStartAfresh: () => void;
}) {
  const detailsId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { preview, suggested } = opened;
  const drift = useMemo(
    () => driftOf(stored, { preview, suggested }),
    [stored, preview, suggested],
  );
  const isDrifted = hasDrifted(drift) || drift.isReordered;
  const counts = {
    renamed: drift.renamed.length,
    gone: drift.gone.length,
    added: drift.added.length,
  };
  return (
    <div className="mb-5 space-y-2">
      <div className={LINE}>
        <p className={TEXT}>
          <BookMarked aria-hidden className={ICON} />
          <span role="status">
            {`${recipeTexts.followed(stored.name)} ${recipeTexts.drift(counts)}`}
          </span>
        </p>
        <div className="flex flex-wrap gap-2">
          {isDrifted && (
            <Button
              size="sm"
              aria-expanded={isOpen}
              aria-controls={detailsId}
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen ? TEXTS.hideColumns : TEXTS.showColumns}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={onStartAfresh}>
            {TEXTS.startAfresh}
          </Button>
        </div>
      </div>
      <div id={detailsId}>
        {isOpen && isDrifted && (
          <RecipeDrift opened={opened} drift={drift} onMapping={onMapping} />
        )}
      </div>
    </div>
  );
}
