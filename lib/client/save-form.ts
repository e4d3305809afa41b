import type { FieldValues, UseFormReturn } from "react-hook-form";

import type { ActionResult } from "@/lib/domain/result";

import { showFailure } from "./form-failure";

/**
 * Has a form's values saved; what was saved, or `undefined` when the form shows
 * why not. For answers that hold a secret: a mutation would keep them in its cache.
 */
export async function saveForm<Values extends FieldValues, Saved>(
  form: UseFormReturn<Values, unknown, Values>,
  save: () => Promise<ActionResult<Saved>>,
): Promise<{ saved: Saved } | undefined> {
  try {
    const result = await save();
    if (result.ok) return { saved: result.data };
    showFailure(form, result.error);
  } catch {
    // The action answers every refusal as a value: only the way to it can fail.
    showFailure(form);
  }
  return undefined;
}
