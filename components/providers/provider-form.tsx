"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Controller, useForm } from "react-hook-form";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { providerQueries } from "@/lib/client/provider-queries";
import { saveForm } from "@/lib/client/save-form";
import { sourceQueries } from "@/lib/client/source-queries";
import { providerInputSchema, type ProviderInput } from "@/lib/domain/provider";
import type { ActionResult } from "@/lib/domain/result";

import { SourcePicker, type PickableSource } from "./source-picker";

type ProviderFormProps<T> = {
  sources: readonly PickableSource[];
  defaultValues: ProviderInput;
  submitLabel: string;
  /** Saving needs a change first. */
  isEdit?: boolean;
  save: (input: ProviderInput) => Promise<ActionResult<T>>;
  onSaved: (data: T) => void;
  /** Beside the button. */
  children?: ReactNode;
};

/** Name and allowed sources, for a new provider and for one that exists. */
export function ProviderForm<T>({
  sources,
  defaultValues,
  submitLabel,
  isEdit = false,
  save,
  onSaved,
  children,
}: ProviderFormProps<T>) {
  const queryClient = useQueryClient();
  const form = useForm<ProviderInput>({
    resolver: zodResolver(providerInputSchema),
    mode: "onTouched",
    defaultValues,
  });
  const { errors, isDirty, isSubmitting } = form.formState;

  // No mutation: its cache would keep an answer that holds a secret.
  async function submit(input: ProviderInput) {
    const done = await saveForm(form, () => save(input));
    if (!done) return;
    form.reset(input);
    onSaved(done.saved);
    await Promise.all(
      [providerQueries.all(), sourceQueries.all()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  }

  return (
    <form
      className="max-w-2xl space-y-5"
      onSubmit={(event) => void form.handleSubmit(submit)(event)}
      noValidate
    >
      <TextField
        label="Name"
        isRequired
        hint="The program or partner that will use it, such as ERP nightly export."
        error={errors.name?.message}
        autoComplete="off"
        autoFocus={!isEdit}
        {...form.register("name")}
      />
      <Controller
        control={form.control}
        name="sourceIds"
        render={({ field, fieldState }) => (
          <SourcePicker
            sources={sources}
            value={field.value}
            onValueChange={field.onChange}
            error={fieldState.error?.message}
          />
        )}
      />
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          isLoading={isSubmitting}
          disabled={isEdit && !isDirty}
        >
          {submitLabel}
        </Button>
        {children}
      </div>
    </form>
  );
}
