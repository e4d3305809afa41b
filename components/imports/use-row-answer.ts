"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

import { CalledOff } from "@/lib/client/rows-client";
import type { RowsModel } from "@/lib/client/rows-model";
import type { RowAskName, RowAsks } from "@/lib/importer/row-messages";

/** People still type. */
const WAIT_MS = 250;

/** What the worker answers about the whole file; asked again when the question or the steps are others. */
export function useRowAnswer<Name extends RowAskName>(
  rows: RowsModel,
  name: Name,
  ask: RowAsks[Name]["ask"] | null,
): { answer: RowAsks[Name]["answer"] | undefined; problem: string | null } {
  const { edition } = useSyncExternalStore(
    rows.subscribe,
    rows.state,
    rows.state,
  );
  const key = ask === null ? "" : JSON.stringify([ask, edition]);
  const [found, setFound] = useState<{
    key: string;
    answer?: RowAsks[Name]["answer"];
    problem: string | null;
  }>();

  useEffect(() => {
    if (key === "") return;
    const stopping = new AbortController();
    const timer = setTimeout(() => {
      const [ask] = JSON.parse(key) as [RowAsks[Name]["ask"]];
      rows.ask(name, ask, { signal: stopping.signal }).then(
        (answer) => setFound({ key, answer, problem: null }),
        (error: unknown) => {
          if (error instanceof CalledOff) return;
          const problem = error instanceof Error ? error.message : "";
          setFound({ key, problem });
        },
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [rows, name, key]);
  const isCurrent = found?.key === key;
  return {
    answer: isCurrent ? found.answer : undefined,
    problem: isCurrent ? found.problem : null,
  };
}
