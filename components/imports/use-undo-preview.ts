import { useCallback, useEffect, useState } from "react";

import {
  addForecast,
  NO_PREVIEW,
  type UndoPreview,
} from "@/lib/client/undo-preview";
import { readUndoForecast } from "@/lib/client/undo-queries";

type State = {
  preview: UndoPreview;
  isComplete: boolean;
  problem: string | undefined;
  /** Counts up: another comparison has other entries. */
  turn: number;
};

/** Compares a run with what is stored, from the moment it is shown until it is left. */
export function useUndoPreview(runId: string) {
  const [turn, setTurn] = useState(1);
  const [state, setState] = useState<State>(begin(0));

  useEffect(() => {
    const leaving = new AbortController();
    void follow(runId, turn, leaving.signal, setState);
    return () => leaving.abort();
  }, [runId, turn]);

  const again = useCallback(() => setTurn((last) => last + 1), []);
  return { ...state, again };
}

function begin(turn: number): State {
  return { preview: NO_PREVIEW, isComplete: false, problem: undefined, turn };
}

async function follow(
  runId: string,
  turn: number,
  signal: AbortSignal,
  show: (state: State) => void,
): Promise<void> {
  let state = begin(turn);
  show(state);
  try {
    for await (const part of readUndoForecast(runId, signal)) {
      if (signal.aborted) return;
      const preview = addForecast(state.preview, part);
      const isComplete = part.batch === part.batches;
      state = { ...state, preview, isComplete };
      show(state);
    }
  } catch (error) {
    if (signal.aborted) return;
    const problem = error instanceof Error ? error.message : String(error);
    show({ ...state, problem });
  }
}
