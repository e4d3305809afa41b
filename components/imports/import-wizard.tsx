"use client";

import { useSearchParams } from "next/navigation";
import {
  useEffect,
  useRef,
  useState,
  type ComponentProps,
  type ReactNode,
} from "react";

import { Notice } from "@/components/ui/notice";
import type { ImportController } from "@/lib/client/import-controller";
import {
  openSteps,
  shownStep,
  type ImportSession,
  type ImportStep,
} from "@/lib/client/import-session";
import type { RecipeActions } from "@/lib/client/recipe-actions";
import type { RunActions } from "@/lib/client/run-actions";
import { steppedFile } from "@/lib/client/stepped-file";
import type { RunSummary } from "@/lib/domain/import-run";
import type { SourceProperty } from "@/lib/domain/source";
import type { RowView } from "@/lib/importer/row-messages";

import { CheckStep } from "./check-step";
import { ColumnsStep } from "./columns-step";
import { ContinuedNotice } from "./continued-notice";
import { FileStep } from "./file-step";
import { ImportEnded } from "./import-ended";
import { MirrorRun } from "./mirror-run";
import { MissingEntries } from "./missing-entries";
import { OpenRuns } from "./open-runs";
import { RecipeLine } from "./recipe-line";
import { RowsStep } from "./rows-step";
import { SaveRecipe } from "./save-recipe";
import { SendStep } from "./send-step";
import { StepNav } from "./step-nav";
import { useImportSession } from "./use-import-session";
import { useMirrorPlan } from "./use-mirror-plan";
import { useReports } from "./use-reports";
import { NO_PAST } from "./use-step-history";

type ImportWizardProps = {
  source: { id: string; name: string; entryCount: number };
  properties: readonly SourceProperty[];
  /** Runs of this source that are not finished. */
  openRuns: readonly RunSummary[];
  actions: RunActions;
  recipes: RecipeActions;
};

/** From a dropped spreadsheet to merged entries: File, Columns, Rows if wanted, Check, Send. */
export function ImportWizard({
  source,
  properties,
  openRuns,
  actions,
  recipes,
}: ImportWizardProps) {
  const mirror = useMirrorPlan(actions);
  const { session, controller } = useImportSession({
    sourceId: source.id,
    hasEntries: source.entryCount > 0,
    properties,
    actions: mirror.planned,
  });
  const plan = mirror.planFor(session);
  const { step, goTo } = useStep(session);
  const content = useFocusOnStep(step, "opened" in session);
  const reports = useReports(
    controller.report,
    "opened" in session ? session.opened.file.name : "",
  );

  const check = () => {
    controller.check();
    goTo("check");
  };
  const { showRows, ...rowsWay } = useRowsWay(() => goTo("rows"));

  const recipe = {
    ...{ session, controller, sourceId: source.id },
    actions: recipes,
  };
  return (
    <div className="space-y-6">
      <StepNav
        current={step}
        open={openSteps(session)}
        onStep={(next) =>
          next === "check" && session.at === "mapping" ? check() : goTo(next)
        }
      />
      {reports.problem && <Notice tone="danger">{reports.problem}</Notice>}
      {step !== "send" && <ContinuedNotice session={session} />}
      <div ref={content} tabIndex={-1} className="outline-none">
        {(step === "file" || step === "columns") && <RecipeLine {...recipe} />}
        {step === "file" && (
          <>
            {session.at === "idle" && <OpenRuns runs={openRuns} />}
            <FileStep
              session={session}
              onFile={controller.open}
              onOptions={controller.reread}
              onNext={() => goTo("columns")}
            />
          </>
        )}
        {step === "columns" && "opened" in session && (
          <ColumnsStep
            source={source}
            opened={steppedFile(session.opened)}
            properties={properties}
            problem={session.at === "mapping" ? session.problem : null}
            onMapping={controller.changeMapping}
            onRows={() => showRows("all")}
            onNext={check}
          />
        )}
        {step === "rows" &&
          (session.at === "mapping" || session.at === "checked") && (
            <RowsStep
              client={controller.rows}
              opened={session.opened}
              {...rowsWay}
              onMapping={controller.changeMapping}
              onBack={() => goTo("columns")}
              onCheck={() =>
                session.at === "checked" ? goTo("check") : check()
              }
            />
          )}
        {step === "check" &&
          (session.at === "checking" || session.at === "checked") && (
            <CheckStep
              {...{ session, source, forecast: controller.forecast }}
              isDownloading={reports.making !== null}
              onStop={() => {
                controller.stopCheck();
                goTo("columns");
              }}
              onMapping={(change) => {
                controller.changeMapping(change);
                controller.check();
              }}
              onOptions={controller.reread}
              onDownload={() => reports.download("rejectedRows")}
              onFixRows={() => showRows("problems")}
              onBack={() => goTo("columns")}
              onSend={() => void controller.send()}
            >
              {source.entryCount > 0 && session.at === "checked" && (
                <MissingEntries
                  {...{ source, opened: session.opened }}
                  ask={controller.rows.ask}
                  planned={plan?.keys.length}
                  onPlan={mirror.planWith(session.checked)}
                />
              )}
              <SaveRecipe {...recipe} />
            </CheckStep>
          )}
        {(session.at === "sending" || session.at === "ended") && (
          <SessionRun {...{ session, controller, recipe, reports, actions }}>
            {plan && session.at === "ended" && (
              <MirrorRun {...{ run: session.run, plan, actions }} />
            )}
          </SessionRun>
        )}
      </div>
    </div>
  );
}

/** The run that the file became: on its way, then ended. */
function SessionRun({
  session,
  controller,
  recipe,
  actions,
  reports,
  children,
}: {
  session: Extract<ImportSession, { at: "sending" | "ended" }>;
  controller: ImportController;
  actions: RunActions;
  recipe: ComponentProps<typeof SaveRecipe>;
  reports: ReturnType<typeof useReports>;
  /** What follows the run, when it has ended. */
  children: ReactNode;
}) {
  if (session.at === "sending") {
    return (
      <SendStep
        session={session}
        onPause={controller.pause}
        onResume={(isForced) => void controller.goOn(isForced)}
        onCancel={controller.cancel}
      />
    );
  }
  return (
    <>
      <ImportEnded
        actions={actions}
        {...{ run: session.run, reports }}
        forecast={controller.forecast.state()}
        onAnother={() => {
          controller.restart();
          window.history.pushState(null, "", window.location.pathname);
        }}
      />
      {children}
      <SaveRecipe {...recipe} />
    </>
  );
}

function useStep(session: ImportSession) {
  const wanted = useSearchParams().get("step");
  const step = shownStep(session, wanted);
  const runId =
    session.at === "sending" || session.at === "ended"
      ? session.run.id
      : undefined;

  // The address follows the session: a reload while it sends must find the run.
  useEffect(() => {
    if (wanted === step || (wanted === null && step === "file")) {
      if (!runId) return;
    }
    window.history.replaceState(null, "", addressOf(step, runId));
  }, [step, wanted, runId]);

  const goTo = (next: ImportStep) =>
    window.history.pushState(null, "", addressOf(next, runId));
  return { step, goTo };
}

function addressOf(step: ImportStep, runId: string | undefined): string {
  const search = new URLSearchParams();
  if (step !== "file") search.set("step", step);
  if (runId) search.set("run", runId);
  const text = search.toString();
  return text ? `?${text}` : window.location.pathname;
}

/** What to look at on the way to the rows, and the past of their steps. */
function useRowsWay(goToRows: () => void) {
  const [is, setView] = useState<"all" | "problems">("all");
  const past = useState(NO_PAST);
  const showRows = (view: "all" | "problems") => {
    setView(view);
    goToRows();
  };
  return { showRows, past, firstView: { is } satisfies RowView };
}

/** Moves the focus to the new step, and to a file that was read, so that keyboards and screen readers follow. */
function useFocusOnStep(step: ImportStep, isOpen: boolean) {
  const content = useRef<HTMLDivElement>(null);
  const last = useRef({ step, isOpen });
  useEffect(() => {
    const before = last.current;
    last.current = { step, isOpen };
    const isNext = before.step !== step;
    // The button that took the file may be gone, and the focus with it.
    const isLost =
      isOpen && !before.isOpen && document.activeElement === document.body;
    if (!isNext && !isLost) return;
    content.current?.focus({ preventScroll: true });
    if (isNext) window.scrollTo({ top: 0 });
  }, [step, isOpen]);
  return content;
}
