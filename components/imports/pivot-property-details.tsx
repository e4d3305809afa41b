"use client";

import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type { ColumnUse } from "@/lib/domain/mapping";
import { PIVOT_WORDS } from "@/lib/wording/languages";

type PivotPropertyUse = Extract<ColumnUse, { as: "pivotProperty" }>;

/** How the cells that name properties become property ids. */
export function PivotPropertyDetails({
  use,
  name,
  onUse,
}: {
  use: PivotPropertyUse;
  name: string;
  onUse: (use: PivotPropertyUse) => void;
}) {
  const renames = use.renames ?? [];
  return (
    <div className="space-y-1.5">
      <Select
        aria-label={PIVOT_WORDS.illegal(name)}
        value={use.illegal}
        onChange={(event) =>
          onUse({
            ...use,
            illegal: event.target.value === "clean" ? "clean" : "reject",
          })
        }
      >
        <option value="reject">{PIVOT_WORDS.reject}</option>
        <option value="clean">{PIVOT_WORDS.clean}</option>
      </Select>
      <p className="text-[0.8125rem] text-muted">
        {PIVOT_WORDS.names}
        {renames.length > 0 && ` ${PIVOT_WORDS.renamed(renames.length)} `}
        {renames.length > 0 && (
          <Button
            variant="ghost"
            size="sm"
            onClick={() => onUse({ as: use.as, illegal: use.illegal })}
          >
            {PIVOT_WORDS.forgetRenames}
          </Button>
        )}
      </p>
    </div>
  );
}
