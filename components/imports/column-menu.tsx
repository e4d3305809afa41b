"use client";

import { ChevronDown } from "lucide-react";

import { buttonStyle } from "@/components/ui/button-style";
import {
  DropdownMenu,
  MenuItem,
  MenuSeparator,
} from "@/components/ui/dropdown-menu";
import { classNames } from "@/lib/client/class-names";
import { CLEANINGS, type TableStep } from "@/lib/domain/table-steps";
import { CLEANING_NAMES, ROW_WORDS, STEP_WORDS } from "@/lib/wording/rows";

import type { RowsPanel } from "./rows-toolbar";
import type { StepDraft } from "./step-dialog";

/** What can be done to one column. */
export function ColumnMenu({
  buttonId,
  isActive,
  column,
  name,
  apply,
  onPanel,
  onDraft,
}: {
  buttonId: string;
  /** Reached by the Tab key; of the others the grid's own keys know. */
  isActive: boolean;
  column: number;
  name: string;
  apply: (step: TableStep) => boolean;
  onPanel: (panel: RowsPanel) => void;
  onDraft: (draft: StepDraft) => void;
}) {
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          id={buttonId}
          type="button"
          tabIndex={isActive ? 0 : -1}
          aria-label={ROW_WORDS.columnMenu(name)}
          className={classNames(
            buttonStyle({ variant: "ghost", size: "iconSm" }),
            "size-7 text-muted",
          )}
        >
          <ChevronDown aria-hidden />
        </button>
      }
    >
      <MenuItem onSelect={() => onPanel("values")}>{ROW_WORDS.values}</MenuItem>
      <MenuItem onSelect={() => onPanel("clusters")}>
        {ROW_WORDS.clusters}
      </MenuItem>
      <MenuItem onSelect={() => onPanel("replace")}>{ROW_WORDS.find}</MenuItem>
      <MenuSeparator />
      {CLEANINGS.map((how) => (
        <MenuItem
          key={how}
          onSelect={() => void apply({ do: "clean", column, how })}
        >
          {CLEANING_NAMES[how]}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => onDraft({ is: "split", column })}>
        {STEP_WORDS.split}
      </MenuItem>
      <MenuItem onSelect={() => onDraft({ is: "fill", column })}>
        {STEP_WORDS.fill}
      </MenuItem>
    </DropdownMenu>
  );
}
