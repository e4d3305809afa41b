"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { formatNumber } from "@/lib/client/format-number";
import type { RowsModel } from "@/lib/client/rows-model";
import {
  CLUSTER_METHODS,
  type ClusterMethod,
  type ValueCluster,
} from "@/lib/domain/cluster-values";
import type { TableStep } from "@/lib/domain/table-steps";
import {
  CLUSTER_METHOD_NAMES,
  ROW_WORDS,
  VALUE_WORDS,
} from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import { useRowAnswer } from "./use-row-answer";

type Choice = { isTaken: boolean; keep: string };

/** Groups of look-alike values; those that are ticked become one value each, in one step. */
export function ClusterList({
  rows,
  column,
  apply,
}: {
  rows: RowsModel;
  column: number;
  apply: (step: TableStep) => boolean;
}) {
  const [method, setMethod] = useState<ClusterMethod>("fingerprint");
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(
    new Map(),
  );
  const { answer, problem } = useRowAnswer(rows, "clusters", {
    column,
    method,
  });
  const clusters = answer?.clusters ?? [];
  const choiceOf = (cluster: ValueCluster): Choice =>
    choices.get(nameOf(cluster)) ?? { isTaken: false, keep: nameOf(cluster) };
  const choose = (cluster: ValueCluster, change: Partial<Choice>) =>
    setChoices(
      new Map(choices).set(nameOf(cluster), {
        ...choiceOf(cluster),
        ...change,
      }),
    );
  const taken = clusters.filter((cluster) => choiceOf(cluster).isTaken);

  function merge(): void {
    const values = taken.flatMap((cluster) => {
      const to = choiceOf(cluster).keep;
      return cluster.values.flatMap(({ value: from }) =>
        from === to ? [] : [{ from, to }],
      );
    });
    if (values.length > 0 && apply({ do: "map", column, values })) {
      setChoices(new Map());
    }
  }

  if (problem !== null) return <Notice tone="danger">{problem}</Notice>;
  return (
    <>
      <Field label={VALUE_WORDS.method}>
        <Select
          value={method}
          onChange={(event) => setMethod(event.target.value as ClusterMethod)}
        >
          {CLUSTER_METHODS.map((one) => (
            <option key={one} value={one}>
              {CLUSTER_METHOD_NAMES[one]}
            </option>
          ))}
        </Select>
      </Field>
      <p role="status" className="text-[0.8125rem] text-muted">
        {!answer
          ? ROW_WORDS.lookingOn
          : clusters.length === 0
            ? VALUE_WORDS.noClusters
            : VALUE_WORDS.groups(clusters.length)}
      </p>
      <ul
        className="relative max-h-96 space-y-3 overflow-y-auto pr-1"
        tabIndex={-1}
      >
        {clusters.map((cluster) => (
          <li
            key={nameOf(cluster)}
            className="space-y-1.5 rounded-control border border-border p-2.5"
          >
            <Checkbox
              label={VALUE_WORDS.take(nameOf(cluster))}
              checked={choiceOf(cluster).isTaken}
              onChange={(event) =>
                choose(cluster, { isTaken: event.target.checked })
              }
            />
            <ul className="flex flex-wrap gap-1">
              {cluster.values.map(({ value, rows: count }) => (
                <li key={value}>
                  <button
                    type="button"
                    className="flex max-w-64 items-baseline gap-1.5 rounded-md bg-sunken px-1.5 py-0.5 text-xs hover:text-accent-text"
                    onClick={() =>
                      choose(cluster, { isTaken: true, keep: value })
                    }
                  >
                    <span className="truncate whitespace-pre">
                      <CellText text={value} />
                    </span>
                    <span className="text-muted tabular-nums">
                      {formatNumber(count)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {choiceOf(cluster).isTaken && (
              <TextField
                label={VALUE_WORDS.keep}
                value={choiceOf(cluster).keep}
                onChange={(event) =>
                  choose(cluster, { keep: event.target.value })
                }
              />
            )}
          </li>
        ))}
      </ul>
      {clusters.length > 0 && (
        <Button size="sm" disabled={taken.length === 0} onClick={merge}>
          {VALUE_WORDS.merge(taken.length)}
        </Button>
      )}
    </>
  );
}

/** The most frequent value stands for the group. */
function nameOf({ values }: ValueCluster): string {
  return values[0]?.value ?? "";
}
