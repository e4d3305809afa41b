import type { FieldValues, Path, UseFormReturn } from "react-hook-form";

import type { Failure } from "@/lib/domain/errors";

/**
 * Puts a refusal where the person looks: at its fields, the first of them
 * focused, or else at the form's root. Without a failure the server was not
 * reached.
 */
export function showFailure<
  Values extends FieldValues,
  Context,
  Output extends FieldValues,
>(form: UseFormReturn<Values, Context, Output>, failure?: Failure): void {
  const known = Object.entries(failure?.fields ?? {}).filter(([path]) =>
    Object.hasOwn(form.getValues(), path),
  );
  known.forEach(([path, message], index) => {
    form.setError(
      path as Path<Values>,
      { message },
      { shouldFocus: index === 0 },
    );
  });
  if (known.length > 0) return;
  form.setError("root", {
    message: failure?.message ?? "The server could not be reached. Try again.",
  });
}
