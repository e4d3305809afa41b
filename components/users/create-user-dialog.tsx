"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { toast } from "sonner";
import type { z } from "zod";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { showFailure } from "@/lib/client/form-failure";
import type { ActionResult } from "@/lib/domain/result";
import { userInputSchema, type User, type UserInput } from "@/lib/domain/user";

import { RoleChoice } from "./role-choice";

const FORM_ID = "create-user";

export function CreateUserDialog({
  create,
}: {
  create: (input: UserInput) => Promise<ActionResult<User>>;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const form = useForm<z.input<typeof userInputSchema>, unknown, UserInput>({
    resolver: zodResolver(userInputSchema),
    defaultValues: { name: "", email: "", role: "editor", password: "" },
  });
  const { errors } = form.formState;
  const change = (open: boolean) => {
    setIsOpen(open);
    if (!open) form.reset();
  };
  const creating = useMutation({
    mutationFn: create,
    onSuccess: (result) => {
      if (!result.ok) return showFailure(form, result.error);
      toast.success(`${result.data.name || result.data.email} can sign in now`);
      change(false);
    },
    onError: () => showFailure(form),
  });

  return (
    <Dialog
      open={isOpen}
      onOpenChange={change}
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          Add user
        </Button>
      }
      title="Add a user"
      description="No e-mail is sent: hand the password over yourself."
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button
            type="submit"
            form={FORM_ID}
            variant="primary"
            isLoading={creating.isPending}
          >
            Add user
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className="space-y-4"
        noValidate
        onSubmit={(event) =>
          void form.handleSubmit((input) => creating.mutate(input))(event)
        }
      >
        {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
        <TextField
          label="Name"
          autoComplete="off"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <TextField
          label="E-mail address"
          type="email"
          autoComplete="off"
          isRequired
          error={errors.email?.message}
          {...form.register("email")}
        />
        <TextField
          label="First password"
          type="password"
          autoComplete="new-password"
          isRequired
          hint="At least 12 characters. They can change it under “Your account”."
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Controller
          control={form.control}
          name="role"
          render={({ field }) => (
            <RoleChoice value={field.value} onValueChange={field.onChange} />
          )}
        />
      </form>
    </Dialog>
  );
}
