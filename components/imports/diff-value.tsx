import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";
import type { ValueChange } from "@/lib/domain/entry-changes";
import type { ValueDiff } from "@/lib/domain/entry-diff";
import { excerptText, type Excerpt } from "@/lib/domain/text-excerpt";
import { DIFF, VALUE_CHANGE_NAMES } from "@/lib/wording/forecast";

import { CellText } from "./cell-text";

/** A value before and after: what goes is struck and red, what comes is green, what stays is grey; and a word says it too. */
export function DiffValue({ value }: { value: ValueDiff }) {
  const { change, before, after } = value;
  const isKept = change === "same" || change === "left";
  return (
    <div className="flex min-w-0 flex-col gap-1 sm:flex-row sm:items-start sm:justify-between sm:gap-4">
      <div className="min-w-0 space-y-0.5 break-words whitespace-pre-wrap wrap-anywhere">
        {isKept ? (
          <span className="text-muted">
            <Text excerpt={after ?? before} />
          </span>
        ) : (
          <>
            {before !== null && (
              <Line>
                <del className="rounded-sm bg-danger-soft px-1 text-danger-text decoration-danger-text">
                  <Text excerpt={before} />
                </del>
              </Line>
            )}
            {after !== null && (
              <Line>
                <ins className="rounded-sm bg-success-soft px-1 text-success-text no-underline">
                  <Text excerpt={after} />
                </ins>
              </Line>
            )}
          </>
        )}
      </div>
      <span
        className={classNames("shrink-0 text-xs font-medium", TONES[change])}
      >
        {VALUE_CHANGE_NAMES[change]}
      </span>
    </div>
  );
}

const TONES: Record<ValueChange, string> = {
  set: "text-success-text",
  replaced: "text-accent-text",
  cleared: "text-danger-text",
  removed: "text-danger-text",
  same: "text-muted",
  left: "text-muted",
};

function Line({ children }: { children: ReactNode }) {
  return <div className="min-w-0">{children}</div>;
}

function Text({ excerpt }: { excerpt: Excerpt | null }) {
  const text = excerpt === null ? "" : excerptText(excerpt);
  if (text === "") return <i>{DIFF.emptyText}</i>;
  return <CellText text={text} />;
}
