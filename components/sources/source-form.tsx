"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import type { z } from "zod";

import { Button } from "@/components/ui/button";
import { Field, TextField } from "@/components/ui/field";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { showFailure } from "@/lib/client/form-failure";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { ActionResult } from "@/lib/domain/result";
import {
  sourceInputSchema,
  type Source,
  type SourceInput,
} from "@/lib/domain/source";
import { suggestIdentifier } from "@/lib/domain/suggest-identifier";

type SourceFormProps = {
  ingestUrl: string;
  /** A server action, handed down by the page. */
  create: (input: SourceInput) => Promise<ActionResult<Source>>;
};

export function SourceForm({ ingestUrl, create }: SourceFormProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useForm<z.input<typeof sourceInputSchema>, unknown, SourceInput>(
    {
      resolver: zodResolver(sourceInputSchema),
      mode: "onTouched",
      defaultValues: {
        name: "",
        identifier: "",
        originSystem: "",
        description: "",
      },
    },
  );
  const { errors } = form.formState;
  // The suggestion follows the name until the person takes the identifier over.
  const [isOwnIdentifier, setIsOwnIdentifier] = useState(false);
  const identifier = useWatch({ control: form.control, name: "identifier" });

  const creating = useMutation({
    mutationFn: create,
    onSuccess: async (result) => {
      if (!result.ok) return showFailure(form, result.error);
      await queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
      router.push(paths.source(result.data.id));
    },
    onError: () => showFailure(form),
  });

  function suggest(name: string) {
    if (isOwnIdentifier) return;
    form.setValue("identifier", suggestIdentifier(name), {
      shouldValidate: form.formState.isSubmitted || Boolean(errors.identifier),
    });
  }

  return (
    <form
      className="max-w-2xl space-y-5"
      onSubmit={(event) =>
        void form.handleSubmit((input) => creating.mutate(input))(event)
      }
      noValidate
    >
      <TextField
        label="Name"
        isRequired
        hint="What people call it, such as Products or Price list."
        error={errors.name?.message}
        autoComplete="off"
        autoFocus
        {...form.register("name", {
          onChange: (event: { target: { value: string } }) =>
            suggest(event.target.value),
        })}
      />
      <div className="space-y-2">
        <TextField
          label="Identifier"
          isRequired
          hint="Programs use it to push data. It can never change. Letters A-Z, digits, _ and - are allowed."
          error={errors.identifier?.message}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="[&_input]:font-mono"
          {...form.register("identifier", {
            onChange: (event: { target: { value: string } }) =>
              setIsOwnIdentifier(event.target.value !== ""),
          })}
        />
        <p className="text-[0.8125rem] text-muted">
          Imports go to{" "}
          <code className="font-mono break-all text-text">
            {ingestUrl}/import/{identifier || "…"}
          </code>
        </p>
      </div>
      <TextField
        label="Origin system"
        hint="Where the data comes from, such as SAP or Akeneo. May be left empty."
        error={errors.originSystem?.message}
        autoComplete="off"
        {...form.register("originSystem")}
      />
      <Field
        label="Description"
        hint="What is in it, and who looks after it. May be left empty."
        error={errors.description?.message}
      >
        <Textarea {...form.register("description")} />
      </Field>
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          isLoading={creating.isPending || creating.data?.ok === true}
        >
          Create source
        </Button>
        <LinkButton href={paths.sources()} variant="ghost">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
