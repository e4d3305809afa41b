"use client";

import { Trash2 } from "lucide-react";

import { Button } from "@/components/ui/button";
import { STEP_WORDS, stepName } from "@/lib/wording/rows";

import { RowsPanelFrame } from "./rows-panel";
import type { StepHistory } from "./use-step-history";

/** What is done to the rows, in order; any step can be taken back. */
export function StepsPanel({
  history: { steps, remove },
  names,
  onProblem,
  onClose,
}: {
  history: StepHistory;
  names: readonly string[];
  onProblem: (message: string | undefined) => void;
  onClose: () => void;
}) {
  return (
    <RowsPanelFrame title={STEP_WORDS.title} onClose={onClose}>
      {steps.length === 0 && (
        <p className="text-[0.8125rem] text-muted">{STEP_WORDS.none}</p>
      )}
      <ol className="relative max-h-96 space-y-1 overflow-y-auto">
        {steps.map((step, index) => {
          const name = stepName(step, names);
          return (
            <li key={index} className="flex items-start gap-2 text-[0.8125rem]">
              <span className="w-5 pt-1 text-right text-muted tabular-nums">
                {index + 1}
              </span>
              <span className="min-w-0 flex-1 pt-1 break-words">{name}</span>
              <Button
                variant="ghost"
                size="iconSm"
                className="size-7"
                aria-label={STEP_WORDS.remove(name)}
                onClick={() => onProblem(remove(index))}
              >
                <Trash2 aria-hidden />
              </Button>
            </li>
          );
        })}
      </ol>
    </RowsPanelFrame>
  );
}
