"use client";

import { ListOrdered, Plus, Redo2, Replace, Rows3, Undo2 } from "lucide-react";

import { Button } from "@/components/ui/button";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu";
import { LiveRegion } from "@/components/ui/live-region";
import { Progress } from "@/components/ui/progress";
import { classNames } from "@/lib/client/class-names";
import { formatNumber, formatPercent } from "@/lib/client/format-number";
import type { RowsState } from "@/lib/client/rows-model";
import type { RowView } from "@/lib/importer/row-messages";
import { ROW_WORDS, STEP_WORDS } from "@/lib/wording/rows";

import type { StepDraft } from "./step-dialog";
import type { StepHistory } from "./use-step-history";

export type RowsPanel = "replace" | "values" | "clusters" | "steps";

type RowsToolbarProps = {
  state: RowsState;
  history: StepHistory;
  panel: RowsPanel | null;
  names: readonly string[];
  onView: (view: RowView) => void;
  onStop: () => void;
  onPanel: (panel: RowsPanel) => void;
  onDraft: (draft: StepDraft) => void;
};

const VIEWS = ["all", "problems", "changed"] as const;

export function RowsToolbar(props: RowsToolbarProps) {
  const { state, history, panel, onPanel } = props;
  const looking = state.wanted !== null;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <ViewChoice {...props} />
        <span className="flex-1" />
        <Button
          size="iconSm"
          aria-label={ROW_WORDS.undo}
          title={ROW_WORDS.undo}
          disabled={!history.canUndo}
          onClick={history.undo}
        >
          <Undo2 aria-hidden />
        </Button>
        <Button
          size="iconSm"
          aria-label={ROW_WORDS.redo}
          title={ROW_WORDS.redo}
          disabled={!history.canRedo}
          onClick={history.redo}
        >
          <Redo2 aria-hidden />
        </Button>
        <PanelButton
          isOpen={panel === "replace"}
          onClick={() => onPanel("replace")}
        >
          <Replace aria-hidden />
          {ROW_WORDS.find}
        </PanelButton>
        <PanelButton
          isOpen={panel === "values" || panel === "clusters"}
          onClick={() => onPanel(panel === "clusters" ? "clusters" : "values")}
        >
          <Rows3 aria-hidden />
          {ROW_WORDS.values}
        </PanelButton>
        <DropdownMenu
          trigger={
            <Button size="sm">
              <Plus aria-hidden />
              {ROW_WORDS.addColumn}
            </Button>
          }
        >
          <MenuItem onSelect={() => props.onDraft({ is: "constant" })}>
            {STEP_WORDS.constant}
          </MenuItem>
          <MenuItem onSelect={() => props.onDraft({ is: "join" })}>
            {STEP_WORDS.join}
          </MenuItem>
        </DropdownMenu>
        <PanelButton
          isOpen={panel === "steps"}
          onClick={() => onPanel("steps")}
        >
          <ListOrdered aria-hidden />
          {ROW_WORDS.steps(history.steps.length)}
        </PanelButton>
      </div>
      {looking && (
        <div className="flex items-center gap-3 text-[0.8125rem] text-muted">
          <div className="min-w-0 flex-1">
            <Progress
              label={ROW_WORDS.looking}
              value={state.share * 100}
              max={100}
            />
          </div>
          {`${ROW_WORDS.looking}, ${formatPercent(state.share, 1)}`}
          <Button size="sm" onClick={props.onStop}>
            {ROW_WORDS.stop}
          </Button>
        </div>
      )}
      <LiveRegion>
        {looking ? ROW_WORDS.looking : ROW_WORDS.shown(state.rows)}
      </LiveRegion>
    </div>
  );
}

function PanelButton({
  isOpen,
  onClick,
  children,
}: {
  isOpen: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Button
      size="sm"
      aria-expanded={isOpen}
      onClick={onClick}
      className={classNames(isOpen && "border-accent bg-accent-soft")}
    >
      {children}
    </Button>
  );
}

function ViewChoice({ state, names, onView }: RowsToolbarProps) {
  const view = state.wanted ?? state.view;
  const other =
    view.is === "value"
      ? ROW_WORDS.valueView(view.value, names[view.column] ?? "")
      : view.is === "hits"
        ? ROW_WORDS.hitsView
        : undefined;
  return (
    <div
      role="group"
      aria-label={ROW_WORDS.views}
      className="flex max-w-full flex-wrap items-center gap-0.5 rounded-control bg-sunken p-0.5"
    >
      {VIEWS.map((is) => (
        <ViewButton
          key={is}
          isPressed={view.is === is}
          onClick={() => onView({ is })}
        >
          {ROW_WORDS[is]}
          <Count state={state} is={is} />
        </ViewButton>
      ))}
      {other !== undefined && (
        <ViewButton isPressed onClick={() => onView(view)}>
          <span className="max-w-64 truncate">{other}</span>
          <Count state={state} is={view.is} />
        </ViewButton>
      )}
    </div>
  );
}

function Count({ state, is }: { state: RowsState; is: RowView["is"] }) {
  const isShown = state.view.is === is && state.wanted === null;
  if (!isShown && is !== "all") return null;
  return (
    <span className="text-xs text-muted tabular-nums">
      {formatNumber(is === "all" ? state.total : state.rows)}
    </span>
  );
}

function ViewButton({
  isPressed,
  onClick,
  children,
}: {
  isPressed: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isPressed}
      onClick={onClick}
      className={classNames(
        "flex h-7 max-w-full items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium text-muted hover:text-text",
        isPressed && "bg-raised text-text shadow-card",
      )}
    >
      {children}
    </button>
  );
}
