"use client";

import { Pencil } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Field, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { classNames } from "@/lib/client/class-names";
import { formatNumber } from "@/lib/client/format-number";
import type { RowsModel } from "@/lib/client/rows-model";
import type { TableStep } from "@/lib/domain/table-steps";
import type { RowView } from "@/lib/importer/row-messages";
import { ROW_WORDS, VALUE_WORDS } from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import { ClusterList } from "./cluster-list";
import type { GridColumn } from "./row-grid";
import { RowsPanelFrame } from "./rows-panel";
import { useRowAnswer } from "./use-row-answer";

type ValuesPanelProps = {
  rows: RowsModel;
  columns: readonly GridColumn[];
  column: number;
  tab: "values" | "clusters";
  onTab: (tab: "values" | "clusters") => void;
  onColumn: (column: number) => void;
  apply: (step: TableStep) => boolean;
  onShow: (view: RowView) => void;
  onClose: () => void;
};

/** The values of a column with their counts: to filter by one, to change it everywhere, to merge look-alikes. */
export function ValuesPanel(props: ValuesPanelProps) {
  const { columns, column, tab, onTab } = props;
  return (
    <RowsPanelFrame title={VALUE_WORDS.list} onClose={props.onClose}>
      <Field label={VALUE_WORDS.column}>
        <Select
          value={column}
          onChange={(event) => props.onColumn(Number(event.target.value))}
        >
          {columns.map(({ name }, at) => (
            <option key={at} value={at}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <div role="group" aria-label={VALUE_WORDS.list} className="flex gap-1">
        {(["values", "clusters"] as const).map((one) => (
          <Button
            key={one}
            size="sm"
            variant="ghost"
            aria-pressed={tab === one}
            className={classNames(tab === one && "bg-sunken")}
            onClick={() => onTab(one)}
          >
            {one === "values" ? VALUE_WORDS.list : VALUE_WORDS.clusters}
          </Button>
        ))}
      </div>
      {tab === "values" ? <ValueList {...props} /> : <ClusterList {...props} />}
    </RowsPanelFrame>
  );
}

function ValueList({ rows, column, apply, onShow }: ValuesPanelProps) {
  const [search, setSearch] = useState("");
  const [editing, setEditing] = useState<string | null>(null);
  const { answer, problem } = useRowAnswer(rows, "values", { column, search });
  if (problem !== null) return <Notice tone="danger">{problem}</Notice>;
  const more = answer ? answer.found - answer.values.length : 0;
  return (
    <>
      <TextField
        label={VALUE_WORDS.search}
        isLabelHidden
        placeholder={VALUE_WORDS.search}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <p role="status" className="text-[0.8125rem] text-muted">
        {answer ? VALUE_WORDS.different(answer.distinct) : ROW_WORDS.lookingOn}
      </p>
      <ul className="relative -mx-1 max-h-80 overflow-y-auto" tabIndex={-1}>
        {answer?.values.map(({ value, rows: count }) => (
          <li key={value}>
            {editing === value ? (
              <ValueEdit
                value={value}
                onCancel={() => setEditing(null)}
                onChange={(to) => {
                  const from = value.replaceAll("\0", "");
                  if (apply({ do: "map", column, values: [{ from, to }] })) {
                    setEditing(null);
                  }
                }}
              />
            ) : (
              <div className="flex items-center gap-1 rounded-md hover:bg-sunken">
                <button
                  type="button"
                  className="flex min-w-0 flex-1 items-baseline gap-2 rounded-md px-1 py-1 text-left text-[0.8125rem]"
                  onClick={() => onShow({ is: "value", column, value })}
                >
                  <span className="min-w-0 flex-1 truncate">
                    {value === "" ? (
                      <i className="text-muted">{VALUE_WORDS.empty}</i>
                    ) : (
                      <CellText text={value.replaceAll("\0", "")} />
                    )}
                  </span>
                  <span className="text-muted tabular-nums">
                    {formatNumber(count)}
                    <span className="sr-only"> {VALUE_WORDS.rowsSpoken}</span>
                  </span>
                </button>
                <Button
                  variant="ghost"
                  size="iconSm"
                  className="size-7"
                  aria-label={VALUE_WORDS.rename(value)}
                  onClick={() => setEditing(value)}
                >
                  <Pencil aria-hidden />
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="text-xs text-muted">{VALUE_WORDS.more(more)}</p>
      )}
      {answer && answer.otherRows > 0 && (
        <p className="text-xs text-muted">
          {VALUE_WORDS.others(answer.otherRows)}
        </p>
      )}
    </>
  );
}

function ValueEdit({
  value,
  onChange,
  onCancel,
}: {
  value: string;
  onChange: (to: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState(value.replaceAll("\0", ""));
  return (
    <form
      className="flex items-center gap-1 px-1 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (text === value) onCancel();
        else onChange(text);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <TextField
        label={VALUE_WORDS.newValue(value)}
        isLabelHidden
        autoFocus
        className="flex-1"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" size="sm">
        {VALUE_WORDS.change}
      </Button>
    </form>
  );
}
