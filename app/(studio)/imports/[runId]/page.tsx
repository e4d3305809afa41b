import { notFound } from "next/navigation";

import { RunView } from "@/components/imports/run-view";
import { UndoRunView } from "@/components/imports/undo-run-view";
import { AppError } from "@/lib/domain/errors";
import { hasRole } from "@/lib/server/context";
import { getRun } from "@/lib/server/imports/service";
import { requireSession } from "@/lib/server/session";
import { RUN_WORDS } from "@/lib/wording/import-run";

import { runActions } from "../run-actions";

type Params = { params: Promise<{ runId: string }> };

export const metadata = { title: RUN_WORDS.title };

export default async function ImportRunPage({ params }: Params) {
  const ctx = await requireSession();
  const run = await getRun(ctx, (await params).runId).catch(
    (error: unknown) => {
      // Only what does not exist becomes the page that says so.
      if (error instanceof AppError && error.code === "not_found") notFound();
      throw error;
    },
  );
  const View = run.kind === "undo" ? UndoRunView : RunView;
  return (
    <View
      key={run.id}
      initial={run}
      actions={hasRole(ctx, "editor") ? runActions : undefined}
    />
  );
}
