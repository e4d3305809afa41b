"use client";

import { useState } from "react";

import type { CheckedFile, ImportSession } from "@/lib/client/import-session";
import { MirrorPlanKeeper, type MirrorPlan } from "@/lib/client/mirror-run";
import type { RunActions } from "@/lib/client/run-actions";

/** Which missing entries are to be deleted after the import; void as soon as the file is checked anew. */
export function useMirrorPlan(actions: RunActions): {
  /** Those of the import, whose run then says what is to follow it. */
  planned: RunActions;
  planFor: (session: ImportSession) => MirrorPlan | undefined;
  /** Decides with a check in hand; nothing takes the decision back. */
  planWith: (
    checked: CheckedFile,
  ) => (plan: Omit<MirrorPlan, "checked"> | undefined) => void;
} {
  const [plan, setPlan] = useState<MirrorPlan>();
  // The controller keeps the actions of the first drawing, so these look the plan up.
  const [keeper] = useState(() => new MirrorPlanKeeper(actions));
  const [planned] = useState(keeper.planned);
  return {
    planned,
    planFor: (session) =>
      "checked" in session && session.checked === plan?.checked
        ? plan
        : undefined,
    planWith: (checked) => (next) => {
      const decided = next && { ...next, checked };
      keeper.set(decided);
      setPlan(decided);
    },
  };
}
