"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import type { z } from "zod";

import { Button } from "@/components/ui/button";
import { Field, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { showFailure } from "@/lib/client/form-failure";
import { sourceQueries } from "@/lib/client/source-queries";
import type { ActionResult } from "@/lib/domain/result";
import {
  sourceEditSchema,
  type Source,
  type SourceEdit,
} from "@/lib/domain/source";

type SourceEditFormProps = {
  source: Source;
  isReadOnly: boolean;
  save: (id: string, edit: SourceEdit) => Promise<ActionResult<Source>>;
};

export function SourceEditForm({
  source,
  isReadOnly,
  save,
}: SourceEditFormProps) {
  const queryClient = useQueryClient();
  const form = useForm<z.input<typeof sourceEditSchema>, unknown, SourceEdit>({
    resolver: zodResolver(sourceEditSchema),
    mode: "onTouched",
    defaultValues: editable(source),
  });
  const { errors, isDirty } = form.formState;

  const saving = useMutation({
    mutationFn: (edit: SourceEdit) => save(source.id, edit),
    onSuccess: async (result) => {
      if (!result.ok) return showFailure(form, result.error);
      form.reset(editable(result.data));
      toast.success("Saved");
      await queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
    },
    onError: () => showFailure(form),
  });

  return (
    <form
      className="space-y-5"
      onSubmit={(event) =>
        void form.handleSubmit((edit) => saving.mutate(edit))(event)
      }
      noValidate
    >
      <fieldset disabled={isReadOnly} className="max-w-2xl space-y-5">
        <TextField
          label="Name"
          isRequired
          error={errors.name?.message}
          autoComplete="off"
          {...form.register("name")}
        />
        <TextField
          label="Identifier"
          hint="Set when the source was created. It can never change."
          value={source.identifier}
          readOnly
          className="[&_input]:font-mono"
        />
        <TextField
          label="Origin system"
          error={errors.originSystem?.message}
          autoComplete="off"
          {...form.register("originSystem")}
        />
        <Field label="Description" error={errors.description?.message}>
          <Textarea {...form.register("description")} />
        </Field>
      </fieldset>
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      {isReadOnly ? (
        <p className="text-[0.8125rem] text-muted">
          Only editors and administrators may change a source.
        </p>
      ) : (
        <Button
          type="submit"
          variant="primary"
          disabled={!isDirty}
          isLoading={saving.isPending}
        >
          Save
        </Button>
      )}
    </form>
  );
}

const editable = ({ name, originSystem, description }: Source) => ({
  name,
  originSystem,
  description,
});
