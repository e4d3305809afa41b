"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import type { z } from "zod";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { showFailure } from "@/lib/client/form-failure";
import { paths } from "@/lib/client/paths";
import { signInWithPassword } from "@/lib/client/sign-in";
import type { ActionResult } from "@/lib/domain/result";
import {
  firstAdminInputSchema,
  type FirstAdminInput,
  type User,
} from "@/lib/domain/user";

type SetupFormProps = {
  /** The browser runs on another machine than the Studio. */
  needsCode: boolean;
  save: (input: FirstAdminInput) => Promise<ActionResult<User>>;
};

export function SetupForm({ needsCode, save }: SetupFormProps) {
  const router = useRouter();
  const form = useForm<
    z.input<typeof firstAdminInputSchema>,
    unknown,
    FirstAdminInput
  >({
    resolver: zodResolver(firstAdminInputSchema),
    defaultValues: { name: "", email: "", password: "", setupCode: "" },
  });
  const { errors } = form.formState;

  const saving = useMutation({
    mutationFn: async (input: FirstAdminInput) => {
      const result = await save(input);
      if (!result.ok) {
        showFailure(form, result.error);
        return false;
      }
      const problem = await signInWithPassword(input);
      // The account is there: signing in by hand is what is left.
      router.replace(problem === undefined ? paths.sources() : paths.signIn());
      router.refresh();
      return true;
    },
    onError: () => showFailure(form),
  });

  return (
    <form
      method="post"
      className="space-y-4"
      onSubmit={(event) =>
        void form.handleSubmit((input) => saving.mutate(input))(event)
      }
      noValidate
    >
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      <TextField
        label="Your name"
        autoComplete="name"
        autoFocus
        error={errors.name?.message}
        {...form.register("name")}
      />
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        isRequired
        error={errors.email?.message}
        {...form.register("email")}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        isRequired
        hint="At least 12 characters. A few unrelated words are easy to keep in mind."
        error={errors.password?.message}
        {...form.register("password")}
      />
      {needsCode && (
        <TextField
          label="Setup code"
          autoComplete="off"
          spellCheck={false}
          isRequired
          hint="The Studio printed it in its last lines where it was started. In a browser on that machine itself no code is asked for."
          error={errors.setupCode?.message}
          {...form.register("setupCode")}
        />
      )}
      <Button
        type="submit"
        variant="primary"
        size="lg"
        className="w-full"
        isLoading={saving.isPending || saving.data === true}
      >
        Create the account
      </Button>
    </form>
  );
}
