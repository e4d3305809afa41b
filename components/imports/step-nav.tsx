"use client";

import { Check, Rows3 } from "lucide-react";

import { classNames } from "@/lib/client/class-names";
import { IMPORT_STEPS, type ImportStep } from "@/lib/client/import-session";
import { STEP_NAMES, STEP_NAV_WORDS } from "@/lib/wording/import-file";

/** The steps of every import, by number; `rows` is on the way only for those who want it. */
const NUMBERED = IMPORT_STEPS.filter((step) => step !== "rows");

/** The steps; those that are open are buttons. */
export function StepNav({
  current,
  open,
  onStep,
}: {
  current: ImportStep;
  open: ReadonlySet<ImportStep>;
  onStep: (step: ImportStep) => void;
}) {
  const at = IMPORT_STEPS.indexOf(current);
  return (
    <nav aria-label={STEP_NAV_WORDS.label}>
      <ol className="flex items-center gap-1 sm:gap-2">
        {IMPORT_STEPS.map((step, index) =>
          step === "rows" && !open.has("rows") ? null : (
            <li key={step} className="flex items-center gap-1 sm:gap-2">
              {index > 0 && (
                <span
                  aria-hidden
                  className="h-px w-3 bg-border-strong sm:w-8"
                />
              )}
              <button
                type="button"
                disabled={!open.has(step)}
                aria-current={step === current ? "step" : undefined}
                onClick={() => onStep(step)}
                className={classNames(
                  "flex items-center gap-2 rounded-control px-1.5 py-1 text-sm font-medium text-muted enabled:hover:text-text disabled:cursor-default",
                  step === current && "text-text",
                )}
              >
                <span
                  aria-hidden
                  className={classNames(
                    "flex size-6 items-center justify-center rounded-full border border-border-strong text-xs",
                    index < at &&
                      step !== "rows" &&
                      "border-success bg-success-soft text-success-text",
                    step === current &&
                      "border-accent bg-accent text-on-accent",
                  )}
                >
                  {step === "rows" ? (
                    <Rows3 className="size-3.5" />
                  ) : index < at ? (
                    <Check className="size-3.5" />
                  ) : (
                    NUMBERED.indexOf(step) + 1
                  )}
                </span>
                <span className={step === current ? "" : "max-sm:sr-only"}>
                  {STEP_NAMES[step]}
                </span>
              </button>
            </li>
          ),
        )}
      </ol>
    </nav>
  );
}
