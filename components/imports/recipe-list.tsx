"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, MoreHorizontal, Pencil, Trash2, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { RecipeActions } from "@/lib/client/recipe-actions";
import { recipeQueries } from "@/lib/client/recipe-queries";
import { saveBlob } from "@/lib/client/save-blob";
import { AppError } from "@/lib/domain/errors";
import { RECIPE_LIMITS, type RecipeSummary } from "@/lib/domain/recipe";
import { readRecipeFile, recipeFileText } from "@/lib/domain/recipe-file";
import { RECIPE_TEXTS as TEXTS, recipeTexts } from "@/lib/wording/recipes";

import { RenameRecipe } from "./rename-recipe";

type RecipeListProps = {
  sourceId: string;
  recipes: RecipeSummary[];
  mayEdit: boolean;
  actions: RecipeActions;
};

export function RecipeList({
  sourceId,
  recipes,
  mayEdit,
  actions,
}: RecipeListProps) {
  const queryClient = useQueryClient();
  const { data = recipes } = useQuery({
    ...recipeQueries.list(sourceId),
    initialData: recipes,
  });
  const [problem, setProblem] = useState<string>();
  const changed = () =>
    queryClient.invalidateQueries({ queryKey: recipeQueries.all() });

  async function importFile(file: File): Promise<void> {
    setProblem(undefined);
    try {
      if (file.size > RECIPE_LIMITS.fileBytesMax) {
        return setProblem(recipeTexts.tooLarge(file.name));
      }
      const input = readRecipeFile(await file.text());
      const result = await actions.create(sourceId, input);
      if (!result.ok) return setProblem(result.error.message);
      toast.success(recipeTexts.imported(result.data.name));
      await changed();
    } catch (error) {
      setProblem(
        error instanceof AppError
          ? `${file.name}: ${error.message}`
          : TEXTS.unreachable,
      );
    }
  }

  async function exportFile(recipe: RecipeSummary): Promise<void> {
    setProblem(undefined);
    try {
      const stored = await queryClient.fetchQuery(recipeQueries.one(recipe.id));
      const blob = new Blob([recipeFileText(stored)], {
        type: "application/json",
      });
      saveBlob(blob, `${recipe.name.replace(/[^\p{L}\p{N}_-]+/gu, "-")}.json`);
    } catch (error) {
      setProblem(error instanceof AppError ? error.message : TEXTS.unreachable);
    }
  }

  return (
    <Section
      title={TEXTS.listTitle}
      description={data.length === 0 ? TEXTS.listHint : undefined}
      isPadded={data.length === 0 || problem !== undefined}
      actions={
        mayEdit && <RecipeFileButton onFile={(file) => void importFile(file)} />
      }
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      {data.length === 0 ? (
        <p className="text-sm text-muted">{TEXTS.listEmpty}</p>
      ) : (
        <RecipeTable
          recipes={data}
          mayEdit={mayEdit}
          actions={actions}
          onExport={(recipe) => void exportFile(recipe)}
          onChanged={changed}
        />
      )}
    </Section>
  );
}

function RecipeFileButton({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label={TEXTS.importLabel}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) onFile(file);
          // The same file again is a change too.
          event.target.value = "";
        }}
      />
      <Button size="sm" onClick={() => input.current?.click()}>
        <Upload aria-hidden />
        {TEXTS.importFile}
      </Button>
    </>
  );
}

function RecipeTable({
  recipes,
  mayEdit,
  actions,
  onExport,
  onChanged,
}: {
  recipes: RecipeSummary[];
  mayEdit: boolean;
  actions: RecipeActions;
  onExport: (recipe: RecipeSummary) => void;
  onChanged: () => Promise<void>;
}) {
  const [renaming, setRenaming] = useState<RecipeSummary>();
  const [deleting, setDeleting] = useState<RecipeSummary>();
  return (
    <>
      <Table label={TEXTS.listTitle} isPlain>
        <TableHead>
          <TableRow>
            <TableHeader>{TEXTS.name}</TableHeader>
            <TableHeader isNumeric>{TEXTS.columns}</TableHeader>
            <TableHeader>{TEXTS.lastUsed}</TableHeader>
            <TableHeader>{TEXTS.savedBy}</TableHeader>
            <TableHeader>
              <span className="sr-only">{TEXTS.more}</span>
            </TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {recipes.map((recipe) => (
            <TableRow key={recipe.id}>
              <TableHeader scope="row" className="break-words">
                {recipe.name}
              </TableHeader>
              <TableCell isNumeric>{recipe.headers.length}</TableCell>
              <TableCell className="whitespace-nowrap">
                {recipe.lastUsedAt ? (
                  <RelativeTime at={recipe.lastUsedAt} />
                ) : (
                  <span className="text-muted">{TEXTS.never}</span>
                )}
              </TableCell>
              <TableCell>{recipe.authorName}</TableCell>
              <TableCell className="text-right">
                <DropdownMenu
                  trigger={
                    <Button
                      size="iconSm"
                      variant="ghost"
                      aria-label={recipeTexts.actionsOf(recipe.name)}
                    >
                      <MoreHorizontal aria-hidden />
                    </Button>
                  }
                >
                  <MenuItem
                    icon={<Download aria-hidden />}
                    onSelect={() => onExport(recipe)}
                  >
                    {TEXTS.exportFile}
                  </MenuItem>
                  {mayEdit && (
                    <>
                      <MenuItem
                        icon={<Pencil aria-hidden />}
                        onSelect={() => setRenaming(recipe)}
                      >
                        {TEXTS.rename}
                      </MenuItem>
                      <MenuItem
                        tone="danger"
                        icon={<Trash2 aria-hidden />}
                        onSelect={() => setDeleting(recipe)}
                      >
                        {TEXTS.remove}
                      </MenuItem>
                    </>
                  )}
                </DropdownMenu>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {renaming && (
        <RenameRecipe
          recipe={renaming}
          rename={actions.rename}
          onChanged={onChanged}
          onClose={() => setRenaming(undefined)}
        />
      )}
      <AlertDialog
        open={deleting !== undefined}
        onOpenChange={(isOpen) => !isOpen && setDeleting(undefined)}
        title={recipeTexts.deleteTitle(deleting?.name ?? "")}
        description={recipeTexts.deleteBody}
        confirmLabel={TEXTS.remove}
        onConfirm={async () => {
          if (!deleting) return;
          const result = await actions.remove(deleting.id);
          if (!result.ok) return result.error.message;
          await onChanged();
        }}
      />
    </>
  );
}
