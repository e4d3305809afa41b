import type { Metadata } from "next";

import { RecipeList } from "@/components/imports/recipe-list";
import { SourceDangerZone } from "@/components/sources/source-danger-zone";
import { SourceEditForm } from "@/components/sources/source-edit-form";
import { Section } from "@/components/ui/card";
import { hasRole } from "@/lib/server/context";
import { listRecipes } from "@/lib/server/recipes/service";

import {
  deleteSourceAction,
  editSourceAction,
  emptySourceAction,
} from "../../actions";
import { recipeActions } from "../../recipe-actions-of";
import { loadSource } from "../load-source";

export const metadata: Metadata = { title: "Settings" };

type Params = { params: Promise<{ sourceId: string }> };

export default async function SettingsPage({ params }: Params) {
  const { ctx, source } = await loadSource((await params).sourceId);
  const mayEdit = hasRole(ctx, "editor");
  return (
    <div className="space-y-6">
      <Section title="About this source">
        <SourceEditForm
          source={source}
          isReadOnly={!mayEdit}
          save={editSourceAction}
        />
      </Section>
      <RecipeList
        key={source.id}
        sourceId={source.id}
        recipes={await listRecipes(ctx, source.id)}
        mayEdit={mayEdit}
        actions={recipeActions}
      />
      <SourceDangerZone
        source={source}
        mayEmpty={mayEdit && source.endpoint === null}
        mayDelete={hasRole(ctx, "admin")}
        empty={emptySourceAction}
        remove={deleteSourceAction}
      />
    </div>
  );
}
