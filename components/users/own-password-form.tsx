"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { showFailure } from "@/lib/client/form-failure";
import { paths } from "@/lib/client/paths";
import { signInWithPassword } from "@/lib/client/sign-in";
import type { ActionResult } from "@/lib/domain/result";
import {
  passwordChangeSchema,
  type PasswordChange,
  type User,
} from "@/lib/domain/user";

export function OwnPasswordForm({
  email,
  save,
}: {
  email: string;
  save: (input: PasswordChange) => Promise<ActionResult<User>>;
}) {
  const form = useForm<PasswordChange>({
    resolver: zodResolver(passwordChangeSchema),
    defaultValues: { current: "", next: "" },
  });
  const { errors } = form.formState;
  const saving = useMutation({
    mutationFn: async (input: PasswordChange) => {
      const result = await save(input);
      if (!result.ok) return showFailure(form, result.error);
      // The change ended this session too.
      const problem = await signInWithPassword({ email, password: input.next });
      if (problem !== undefined) return location.assign(paths.signIn());
      form.reset();
      toast.success("Your password is changed");
    },
    onError: () => showFailure(form),
  });

  return (
    <form
      method="post"
      className="max-w-sm space-y-4"
      noValidate
      onSubmit={(event) =>
        void form.handleSubmit((input) => saving.mutate(input))(event)
      }
    >
      {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
      {/* Tells password managers whose password it is. */}
      <input
        type="email"
        autoComplete="username"
        value={email}
        readOnly
        hidden
      />
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        isRequired
        error={errors.current?.message}
        {...form.register("current")}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        isRequired
        hint="At least 12 characters. A few unrelated words are easy to keep in mind."
        error={errors.next?.message}
        {...form.register("next")}
      />
      <Button type="submit" variant="primary" isLoading={saving.isPending}>
        Change the password
      </Button>
    </form>
  );
}
