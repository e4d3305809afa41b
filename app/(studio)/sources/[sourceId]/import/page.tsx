import { redirect } from "next/navigation";

import { ImportWizard } from "@/components/imports/import-wizard";
import { Notice } from "@/components/ui/notice";
import { paths } from "@/lib/client/paths";
import { hasRole } from "@/lib/server/context";
import { getRun, listRuns } from "@/lib/server/imports/service";
import { listProperties } from "@/lib/server/sources/service";
import { IMPORT_PAGE_WORDS } from "@/lib/wording/import-file";

import { runActions } from "../../../imports/run-actions";
import { recipeActions } from "../../recipe-actions-of";
import { loadSource } from "../load-source";

type Params = {
  params: Promise<{ sourceId: string }>;
  searchParams: Promise<{ run?: string | string[] }>;
};

export const metadata = { title: IMPORT_PAGE_WORDS.title };

export default async function ImportPage({ params, searchParams }: Params) {
  const { ctx, source } = await loadSource((await params).sourceId);
  if (!hasRole(ctx, "editor")) {
    return <Notice tone="warning">{IMPORT_PAGE_WORDS.needsEditor}</Notice>;
  }
  // A reload while it was sending: the file is gone from the page, the run is not.
  const { run: runId } = await searchParams;
  if (typeof runId === "string") {
    const run = await getRun(ctx, runId).catch(() => undefined);
    if (run) redirect(paths.importRun(run.id));
  }
  const [properties, running, paused] = await Promise.all([
    listProperties(ctx, source.id),
    listRuns(ctx, { sourceId: source.id, status: "running" }),
    listRuns(ctx, { sourceId: source.id, status: "paused" }),
  ]);
  return (
    <ImportWizard
      key={source.id}
      source={source}
      properties={properties}
      openRuns={[...running.runs, ...paused.runs]}
      actions={runActions}
      recipes={recipeActions}
    />
  );
}
