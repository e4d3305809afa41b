import type { RunActions } from "@/lib/client/run-actions";

import {
  cancelRunAction,
  finishRunAction,
  pauseRunAction,
  releaseRunAction,
  startRunAction,
  takeRunAction,
} from "./actions";

/** The actions of a run, as the components take them. */
export const runActions: RunActions = {
  startRun: startRunAction,
  takeRun: takeRunAction,
  pauseRun: pauseRunAction,
  cancelRun: cancelRunAction,
  finishRun: finishRunAction,
  releaseRun: releaseRunAction,
};
