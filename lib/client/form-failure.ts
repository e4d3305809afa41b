import type { FieldValues, Path, UseFormReturn } from "react-hook-form";

import type { Failure } from "@/lib/domain/errors";

/**
 * Shows a failed save in its form: field problems at their fields, the sentence
 * at `errors.root`. Without a failure the server could not be reached.
 */
export function showFailure<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  failure?: Failure,
): void {
  form.setError("root", {
    message:
      failure?.message ??
      "The server could not be reached. Check the connection, then try again.",
  });
  for (const [path, message] of Object.entries(failure?.fields ?? {})) {
    form.setError(path as Path<In>, { message });
  }
}
