"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { RowsModel } from "@/lib/client/rows-model";
import { STEP_LIMITS, type TableStep } from "@/lib/domain/table-steps";
import type { RowView, StepPreview } from "@/lib/importer/row-messages";
import { REPLACE_WORDS, ROW_WORDS } from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import type { GridColumn } from "./row-grid";
import { RowsPanelFrame } from "./rows-panel";
import { useRowAnswer } from "./use-row-answer";

const ALL = "all";

type ReplacePanelProps = {
  rows: RowsModel;
  columns: readonly GridColumn[];
  firstColumn: number;
  apply: (step: TableStep) => boolean;
  onShow: (view: RowView) => void;
  onClose: () => void;
};

/** Plain text for plain text; says how much would change before it does. */
export function ReplacePanel(props: ReplacePanelProps) {
  const { rows, columns, apply } = props;
  const [column, setColumn] = useState(String(props.firstColumn));
  const [find, setFind] = useState("");
  const [replaceWith, setReplaceWith] = useState("");
  const [isWhole, setWhole] = useState(false);
  const [isCaseMatched, setCaseMatched] = useState(false);
  const step: TableStep = {
    ...{ do: "replace", find, replaceWith, isWhole, isCaseMatched },
    column: column === ALL ? null : Number(column),
  };
  const { answer: hits } = useRowAnswer(
    rows,
    "preview",
    find === "" ? null : { step },
  );

  return (
    <RowsPanelFrame title={ROW_WORDS.find} onClose={props.onClose}>
      <TextField
        label={REPLACE_WORDS.find}
        value={find}
        maxLength={STEP_LIMITS.findCharsMax}
        autoFocus
        onChange={(event) => setFind(event.target.value)}
      />
      <TextField
        label={REPLACE_WORDS.replaceWith}
        value={replaceWith}
        maxLength={1_000}
        onChange={(event) => setReplaceWith(event.target.value)}
      />
      <Field label={REPLACE_WORDS.column}>
        <Select
          value={column}
          onChange={(event) => setColumn(event.target.value)}
        >
          <option value={ALL}>{REPLACE_WORDS.allColumns}</option>
          {columns.map(({ name }, at) => (
            <option key={at} value={at}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        <Checkbox
          label={REPLACE_WORDS.whole}
          checked={isWhole}
          onChange={(event) => setWhole(event.target.checked)}
        />
        <Checkbox
          label={REPLACE_WORDS.matchCase}
          checked={isCaseMatched}
          onChange={(event) => setCaseMatched(event.target.checked)}
        />
      </div>
      <Hits hits={hits} isAsked={find !== ""} />
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          disabled={!hits || hits.cells === 0}
          onClick={() => {
            apply(step);
          }}
        >
          {REPLACE_WORDS.replaceAll}
        </Button>
        <Button
          size="sm"
          variant="ghost"
          disabled={!hits || hits.cells === 0}
          onClick={() => props.onShow({ is: "hits", step })}
        >
          {REPLACE_WORDS.showRows}
        </Button>
      </div>
    </RowsPanelFrame>
  );
}

function Hits({
  hits,
  isAsked,
}: {
  hits: StepPreview | undefined;
  isAsked: boolean;
}) {
  return (
    <div className="min-h-5 text-[0.8125rem]">
      <p role="status">
        {!isAsked
          ? ""
          : hits
            ? REPLACE_WORDS.hits(hits.cells, hits.rows)
            : ROW_WORDS.lookingOn}
      </p>
      <ul className="mt-1 space-y-1">
        {hits?.examples.map(({ rowNumber, column, from, to }) => (
          <li key={`${rowNumber} ${column}`} className="text-xs text-muted">
            {REPLACE_WORDS.example(rowNumber)}
            {": "}
            <del className="text-danger-text">
              <CellText text={from.slice(0, 60)} />
            </del>{" "}
            <ins className="text-success-text no-underline">
              <CellText text={to.slice(0, 60)} />
            </ins>
          </li>
        ))}
      </ul>
    </div>
  );
}
