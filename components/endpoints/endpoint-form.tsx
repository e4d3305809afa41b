"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import type { ReactNode } from "react";
import { useForm, useWatch } from "react-hook-form";

import { Button } from "@/components/ui/button";
import { Field, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { saveForm } from "@/lib/client/save-form";
import {
  endpointFormSchema,
  endpointOrigin,
  endpointUrlSchema,
  isPlainHttp,
  readEndpointForm,
  type Endpoint,
  type EndpointForm as Values,
  type EndpointInput,
} from "@/lib/domain/endpoint";
import type { ActionResult } from "@/lib/domain/result";
import { endpointWords } from "@/lib/wording/endpoints";

const words = endpointWords.form;

const newEndpointSchema = endpointFormSchema.refine(
  ({ secret }) => secret !== "",
  { path: ["secret"], error: words.secretNeeded },
);

type EndpointFormProps = {
  /** The one that is edited. */
  endpoint?: Endpoint;
  save: (input: EndpointInput) => Promise<ActionResult<Endpoint>>;
  onSaved: (endpoint: Endpoint) => void;
  /** Beside the button. */
  children?: ReactNode;
};

/** Where an endpoint is, who writes to it, and which sources it has. */
export function EndpointForm({
  endpoint,
  save,
  onSaved,
  children,
}: EndpointFormProps) {
  const form = useForm<Values>({
    resolver: zodResolver(endpoint ? endpointFormSchema : newEndpointSchema),
    mode: "onTouched",
    defaultValues: valuesOf(endpoint),
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const url = useWatch({ control: form.control, name: "url" });

  // No mutation: its cache would keep the secret.
  async function submit(values: Values) {
    const done = await saveForm(form, () => save(readEndpointForm(values)));
    if (!done) return;
    form.reset(valuesOf(done.saved));
    onSaved(done.saved);
  }

  return (
    <form
      className="max-w-2xl space-y-5"
      onSubmit={(event) => void form.handleSubmit(submit)(event)}
      noValidate
    >
      <TextField
        label={words.name}
        isRequired
        hint={words.nameHint}
        error={errors.name?.message}
        autoComplete="off"
        autoFocus={!endpoint}
        {...form.register("name")}
      />
      <TextField
        label={words.url}
        isRequired
        hint={words.urlHint}
        error={errors.url?.message}
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://ingest.occtoo.com"
        {...form.register("url")}
      />
      {isPlainHttp(url.trim().toLowerCase()) && (
        <Notice tone="warning">{words.plain}</Notice>
      )}
      {isElsewhere(endpoint, url) && (
        <Notice tone="warning">{words.secretDropped}</Notice>
      )}
      <TextField
        label={words.provider}
        isRequired
        error={errors.providerId?.message}
        autoComplete="off"
        spellCheck={false}
        {...form.register("providerId")}
      />
      <TextField
        label={endpoint ? words.newSecret : words.secret}
        isRequired={!endpoint}
        type="password"
        hint={secretHint(endpoint, url)}
        error={errors.secret?.message}
        autoComplete="new-password"
        spellCheck={false}
        {...form.register("secret")}
      />
      <Field
        label={words.sources}
        hint={words.sourcesHint}
        error={errors.sources?.message}
      >
        <Textarea
          rows={4}
          spellCheck={false}
          className="font-mono"
          {...form.register("sources")}
        />
      </Field>
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          isLoading={isSubmitting}
          disabled={endpoint !== undefined && !isDirty}
        >
          {endpoint ? words.save : words.add}
        </Button>
        {children}
      </div>
    </form>
  );
}

function valuesOf(endpoint: Endpoint | undefined): Values {
  return {
    name: endpoint?.name ?? "",
    url: endpoint?.url ?? "",
    providerId: endpoint?.providerId ?? "",
    secret: "",
    sources:
      endpoint?.sources.map(({ identifier }) => identifier).join("\n") ?? "",
  };
}

function secretHint(endpoint: Endpoint | undefined, url: string): string {
  if (!endpoint) return words.secretHint;
  if (endpoint.secretEnd === null) return words.secretMissing;
  return isElsewhere(endpoint, url)
    ? words.secretOfNew
    : words.secretKept(endpoint.secretEnd);
}

/** Whether that address drops the secret that is stored. */
function isElsewhere(endpoint: Endpoint | undefined, url: string): boolean {
  const parsed = endpointUrlSchema.safeParse(url);
  return (
    parsed.success &&
    typeof endpoint?.secretEnd === "string" &&
    endpointOrigin(parsed.data) !== endpointOrigin(endpoint.url)
  );
}
