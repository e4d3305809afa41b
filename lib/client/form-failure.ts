import type { FieldValues, Path, UseFormReturn } from "react-hook-form";

import type { Failure } from "@/lib/domain/errors";

/**
 * Shows a failed save where the person looks: at its fields, the first of them
 * focused, or else as a sentence at `errors.root`. Without a failure the server
 * could not be reached.
 */
export function showFailure<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  failure?: Failure,
): void {
  const known = Object.entries(failure?.fields ?? {}).filter(([path]) =>
    Object.hasOwn(form.getValues(), path),
  );
  known.forEach(([path, message], index) => {
    const shouldFocus = index === 0;
    form.setError(path as Path<In>, { message }, { shouldFocus });
  });
  if (known.length > 0) return;
  form.setError("root", {
    message:
      failure?.message ??
      "The server could not be reached. Check the connection, then try again.",
  });
}
