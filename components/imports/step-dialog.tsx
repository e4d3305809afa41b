"use client";

import { useId, useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { STEP_LIMITS, type TableStep } from "@/lib/domain/table-steps";
import { ROW_WORDS, STEP_WORDS } from "@/lib/wording/rows";

/** A step that needs some more words before it is one. */
export type StepDraft =
  { is: "split" | "fill"; column: number } | { is: "constant" | "join" };

type StepDialogProps = {
  draft: StepDraft;
  names: readonly string[];
  apply: (step: TableStep) => boolean;
  onClose: () => void;
};

export function StepDialog({ draft, names, apply, onClose }: StepDialogProps) {
  const formId = useId();
  const [header, setHeader] = useState("");
  const [text, setText] = useState(START_TEXTS[draft.is]);
  const [columns, setColumns] = useState<readonly number[]>([]);
  const [isEmptySkipped, setEmptySkipped] = useState(true);
  const step = stepOf();

  function stepOf(): TableStep | undefined {
    const name = header.trim();
    switch (draft.is) {
      case "split":
        return text === ""
          ? undefined
          : { do: "split", column: draft.column, separator: text };
      case "fill":
        return text === ""
          ? undefined
          : { do: "fill", column: draft.column, value: text };
      case "constant":
        return name === ""
          ? undefined
          : { do: "constant", header: name, value: text };
      case "join":
        return name === "" || columns.length === 0
          ? undefined
          : {
              ...{ do: "join", header: name, columns: [...columns] },
              ...{ separator: text, isEmptySkipped },
            };
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (step && apply(step)) onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={titleOf(draft, names)}
      footer={
        <Button type="submit" variant="primary" form={formId} disabled={!step}>
          {ROW_WORDS.apply}
        </Button>
      }
    >
      <form id={formId} onSubmit={submit} className="space-y-4">
        {(draft.is === "constant" || draft.is === "join") && (
          <TextField
            label={STEP_WORDS.name}
            placeholder={STEP_WORDS.namePlaceholder}
            value={header}
            maxLength={STEP_LIMITS.headerCharsMax}
            onChange={(event) => setHeader(event.target.value)}
          />
        )}
        {draft.is === "join" && (
          <ColumnChoice {...{ names, columns }} onColumns={setColumns} />
        )}
        <TextField
          label={TEXT_LABELS[draft.is]}
          hint={draft.is === "split" ? STEP_WORDS.splitHint : undefined}
          value={text}
          maxLength={
            draft.is === "split" || draft.is === "join"
              ? STEP_LIMITS.separatorCharsMax
              : 1_000
          }
          onChange={(event) => setText(event.target.value)}
        />
        {draft.is === "join" && (
          <Checkbox
            label={STEP_WORDS.skipEmpty}
            checked={isEmptySkipped}
            onChange={(event) => setEmptySkipped(event.target.checked)}
          />
        )}
      </form>
    </Dialog>
  );
}

const START_TEXTS: Record<StepDraft["is"], string> = {
  ...{ split: ",", fill: "", constant: "", join: " " },
};
const TEXT_LABELS: Record<StepDraft["is"], string> = {
  split: STEP_WORDS.separator,
  fill: STEP_WORDS.fillValue,
  constant: STEP_WORDS.value,
  join: STEP_WORDS.between,
};

function titleOf(draft: StepDraft, names: readonly string[]): string {
  switch (draft.is) {
    case "split":
      return STEP_WORDS.splitTitle(names[draft.column] ?? "");
    case "fill":
      return STEP_WORDS.fillTitle(names[draft.column] ?? "");
    case "constant":
      return STEP_WORDS.constantTitle;
    case "join":
      return STEP_WORDS.joinTitle;
  }
}

/** In the order in which they are ticked. */
function ColumnChoice({
  names,
  columns,
  onColumns,
}: {
  names: readonly string[];
  columns: readonly number[];
  onColumns: (columns: readonly number[]) => void;
}) {
  const isFull = columns.length >= STEP_LIMITS.columnsPerJoinMax;
  return (
    <fieldset>
      <legend className="mb-1.5 text-[0.8125rem] font-medium">
        {STEP_WORDS.columns}
      </legend>
      <div className="relative max-h-48 space-y-1.5 overflow-y-auto">
        {names.map((name, column) => {
          const at = columns.indexOf(column);
          return (
            <Checkbox
              key={column}
              label={at < 0 ? name : `${name} (${at + 1})`}
              checked={at >= 0}
              disabled={at < 0 && isFull}
              onChange={() =>
                onColumns(
                  at < 0
                    ? [...columns, column]
                    : columns.filter((other) => other !== column),
                )
              }
            />
          );
        })}
      </div>
    </fieldset>
  );
}
