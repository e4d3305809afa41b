import { notFound } from "next/navigation";

import { UndoPreview } from "@/components/imports/undo-preview";
import { NoAccessState } from "@/components/shell/no-access-state";
import { AppError } from "@/lib/domain/errors";
import { hasRole } from "@/lib/server/context";
import { getRun } from "@/lib/server/imports/service";
import { requireSession } from "@/lib/server/session";
import { getSource } from "@/lib/server/sources/service";
import { UNDO } from "@/lib/wording/undo";

import { startUndoAction } from "../../actions";

type Params = { params: Promise<{ runId: string }> };

export const metadata = { title: UNDO.page };

export default async function UndoPage({ params }: Params) {
  const ctx = await requireSession();
  const run = await getRun(ctx, (await params).runId).catch(
    (error: unknown) => {
      // Only what does not exist becomes the page that says so.
      if (error instanceof AppError && error.code === "not_found") notFound();
      throw error;
    },
  );
  if (!hasRole(ctx, "editor")) return <NoAccessState role="editor" />;
  const source = await getSource(ctx, run.source.id);
  return (
    <UndoPreview
      key={run.id}
      run={run}
      entryCount={source.entryCount}
      startUndo={startUndoAction}
    />
  );
}
