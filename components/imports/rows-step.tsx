"use client";

import { ArrowLeft, ArrowRight } from "lucide-react";
import { useMemo, useState } from "react";

import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import type { OpenedFile } from "@/lib/client/import-session";
import type { RowsClient } from "@/lib/client/rows-client";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { headersAfter, type TableStep } from "@/lib/domain/table-steps";
import type { RowView } from "@/lib/importer/row-messages";
import { ROW_WORDS, stepName, useName as nameOfUse } from "@/lib/wording/rows";

import { ColumnMenu } from "./column-menu";
import { ReplacePanel } from "./replace-panel";
import { RowGrid, type GridColumn, type GridPlace } from "./row-grid";
import { RowsStatus } from "./rows-status";
import { RowsToolbar, type RowsPanel } from "./rows-toolbar";
import { StepDialog, type StepDraft } from "./step-dialog";
import { StepsPanel } from "./steps-panel";
import { useRows } from "./use-rows";
import { useStepHistory, type StepPast } from "./use-step-history";
import { ValuesPanel } from "./values-panel";

type RowsStepProps = {
  client: RowsClient;
  opened: OpenedFile;
  past: readonly [StepPast, (past: StepPast) => void];
  /** What to look at first. */
  firstView: RowView;
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
  onBack: () => void;
  onCheck: () => void;
};

/** All rows of the file, to look at and to mend before they are sent. */
export function RowsStep(props: RowsStepProps) {
  const { opened, onMapping } = props;
  const { rows, state } = useRows(props.client, opened, props.firstView);
  const history = useStepHistory(opened, props.past, onMapping);
  const [active, setActive] = useState<GridPlace>({ position: 0, column: 0 });
  const [panel, setPanel] = useState<RowsPanel | null>(null);
  const [draft, setDraft] = useState<StepDraft | null>(null);
  const [problem, setProblem] = useState<string>();
  const [said, setSaid] = useState("");
  const columns = useColumns(opened);
  const names = useMemo(() => columns.map(({ name }) => name), [columns]);

  function apply(step: TableStep): boolean {
    const message = history.apply(step);
    setProblem(message);
    if (message === undefined) setSaid(stepName(step, names));
    return message === undefined;
  }
  function edit({ position, column }: GridPlace, value: string): void {
    const row = rows.row(position);
    if (!row || row.cells[column] === value) return;
    const { rowNumber } = row;
    apply({ do: "edit", cells: [{ row: rowNumber, column, value }] });
  }
  function show(view: RowView): void {
    setActive((place) => ({ ...place, position: 0 }));
    void rows.show(view);
  }
  function openPanel(next: RowsPanel, column = active.column): void {
    setActive((place) => ({ ...place, column }));
    setPanel(next);
  }

  if (state.at !== "ready") {
    return <RowsOpening message={state.message} share={state.share} />;
  }
  const panelProps = { rows, columns, apply, onClose: () => setPanel(null) };
  return (
    <div className="space-y-3">
      {(problem ?? state.message) && (
        <Notice tone="danger">{problem ?? state.message}</Notice>
      )}
      <RowsToolbar
        {...{ state, history, panel, names }}
        onView={show}
        onStop={rows.stop}
        onPanel={(next) => setPanel(next === panel ? null : next)}
        onDraft={setDraft}
      />
      <div className="flex flex-col gap-3 lg:flex-row-reverse lg:items-start">
        {panel === "replace" && (
          <ReplacePanel
            {...panelProps}
            firstColumn={active.column}
            onShow={show}
          />
        )}
        {(panel === "values" || panel === "clusters") && (
          <ValuesPanel
            key={`${panel} ${active.column}`}
            {...panelProps}
            tab={panel}
            onTab={setPanel}
            column={Math.min(active.column, columns.length - 1)}
            onColumn={(column) => openPanel(panel, column)}
            onShow={show}
          />
        )}
        {panel === "steps" && (
          <StepsPanel
            {...{ history, names }}
            onProblem={setProblem}
            onClose={() => setPanel(null)}
          />
        )}
        {/* On a phone the bar below would lie on the words about the cell. */}
        <div className="flex min-w-0 flex-1 flex-col gap-2 max-sm:flex-col-reverse">
          <RowGrid
            key={JSON.stringify(state.view)}
            {...{ rows, columns, active }}
            count={state.rows}
            version={state.version}
            onActive={setActive}
            onEdit={edit}
            onUndo={history.undo}
            onRedo={history.redo}
            menuFor={(column, buttonId, isActive) => (
              <ColumnMenu
                {...{ buttonId, isActive, column, apply }}
                name={names[column] ?? ""}
                onPanel={(next) => openPanel(next, column)}
                onDraft={setDraft}
              />
            )}
          />
          <RowsStatus
            {...{ state, columns, active }}
            row={rows.row(active.position)}
          />
        </div>
      </div>
      {draft && (
        <StepDialog
          {...{ draft, names, apply }}
          onClose={() => setDraft(null)}
        />
      )}
      <LiveRegion>{said}</LiveRegion>
      <div className="sticky bottom-0 z-20 -mx-1 flex flex-wrap items-center justify-between gap-3 border-t border-border bg-background/95 px-1 py-3 backdrop-blur">
        <Button onClick={props.onBack}>
          <ArrowLeft aria-hidden />
          {ROW_WORDS.back}
        </Button>
        <Button variant="primary" onClick={props.onCheck}>
          {ROW_WORDS.check}
          <ArrowRight aria-hidden />
        </Button>
      </div>
    </div>
  );
}

function RowsOpening({
  message,
  share,
}: {
  message: string | null;
  share: number;
}) {
  if (message !== null) return <Notice tone="danger">{message}</Notice>;
  return (
    <div className="space-y-4 rounded-card border border-border bg-surface p-6 shadow-card">
      <h2 className="text-[0.9375rem] font-semibold">{ROW_WORDS.opening}</h2>
      <Progress label={ROW_WORDS.opening} value={share * 100} max={100} />
    </div>
  );
}

function useColumns({ preview, mapping }: OpenedFile): readonly GridColumn[] {
  const { headers } = preview;
  const { steps, columns } = mapping;
  return useMemo(
    () =>
      headersAfter(steps, headers).map((name, column) => ({
        name,
        use: nameOfUse(columns[column]),
        isAdded: column >= headers.length,
      })),
    [steps, headers, columns],
  );
}
