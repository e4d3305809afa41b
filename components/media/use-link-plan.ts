"use client";

import { useEffect, useMemo, useState } from "react";

import { lookUpIdentifiers } from "@/lib/client/media-queries";
import { AppError } from "@/lib/domain/errors";
import {
  planLinks,
  type LinkChoices,
  type LinkPlan,
  type TakenChoice,
  type TakenFile,
} from "@/lib/domain/link-plan";
import type { LinkRow } from "@/lib/domain/link-row";

/** The plan for a list of links: asks the server about identifiers until none is unknown. */
export function useLinkPlan(
  initial: readonly LinkRow[],
  endpointId: string | null,
) {
  const [rows, setRows] = useState(initial);
  const [known, setKnown] = useState<ReadonlyMap<string, TakenFile | null>>(
    new Map(),
  );
  const [choices, setChoices] = useState<LinkChoices>({
    forAll: "reuse",
    ofRow: new Map(),
    leftOut: new Set(),
    keepsRepeated: false,
  });
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const plan: LinkPlan = useMemo(
    () => planLinks(rows, known, choices),
    [rows, known, choices],
  );
  const unknown = JSON.stringify(plan.unknown);

  useEffect(() => {
    const wanted = JSON.parse(unknown) as string[];
    if (wanted.length === 0) return;
    const stop = new AbortController();
    lookUpIdentifiers(wanted, endpointId, stop.signal).then(
      (found) => {
        setProblem(undefined);
        setKnown((before) => new Map([...before, ...found]));
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setProblem(
          error instanceof AppError
            ? error.message
            : "The identifiers could not be checked. Try again.",
        );
      },
    );
    return () => stop.abort();
  }, [unknown, attempt, endpointId]);

  return {
    plan,
    choices,
    problem,
    isChecking: plan.unknown.length > 0 && problem === undefined,
    retry: () => {
      setProblem(undefined);
      setAttempt(attempt + 1);
    },
    chooseForAll: (forAll: TakenChoice) =>
      setChoices({ ...choices, forAll, ofRow: new Map() }),
    chooseForRow: (row: number, choice: TakenChoice) =>
      setChoices({
        ...choices,
        ofRow: new Map([...choices.ofRow, [row, choice]]),
      }),
    leaveOut: (row: number, isOut: boolean) => {
      const leftOut = new Set(choices.leftOut);
      if (isOut) leftOut.add(row);
      else leftOut.delete(row);
      setChoices({ ...choices, leftOut });
    },
    keepRepeated: (keepsRepeated: boolean) =>
      setChoices({ ...choices, keepsRepeated }),
    edit: (edited: LinkRow) =>
      setRows(rows.map((row) => (row.row === edited.row ? edited : row))),
  };
}

export type LinkPlanning = ReturnType<typeof useLinkPlan>;
