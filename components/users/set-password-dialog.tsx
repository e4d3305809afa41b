"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { showFailure } from "@/lib/client/form-failure";
import type { ActionResult } from "@/lib/domain/result";
import {
  passwordSettingSchema,
  type PasswordSetting,
  type User,
} from "@/lib/domain/user";

export function SetPasswordDialog({
  user,
  isOpen,
  onClose,
  save,
}: {
  user: User;
  isOpen: boolean;
  onClose: () => void;
  save: (input: PasswordSetting) => Promise<ActionResult<User>>;
}) {
  const who = user.name || user.email;
  const formId = `password-${user.id}`;
  const form = useForm<PasswordSetting>({
    resolver: zodResolver(passwordSettingSchema),
    defaultValues: { id: user.id, password: "" },
  });
  const { errors } = form.formState;
  const leave = () => {
    form.reset();
    onClose();
  };
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (result) => {
      if (!result.ok) return showFailure(form, result.error);
      toast.success(`${who} has a new password`);
      leave();
    },
    onError: () => showFailure(form),
  });

  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && leave()}
      title={`Set a password for ${who}`}
      description="It ends all their sessions. Hand it over in person or by phone, and ask them to change it under “Your account”."
      footer={
        <>
          <Button onClick={leave}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isLoading={saving.isPending}
          >
            Set the password
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="space-y-4"
        noValidate
        onSubmit={(event) =>
          void form.handleSubmit((input) => saving.mutate(input))(event)
        }
      >
        {errors.root && <Notice tone="danger">{errors.root.message}</Notice>}
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          isRequired
          hint="At least 12 characters."
          error={errors.password?.message}
          {...form.register("password")}
        />
      </form>
    </Dialog>
  );
}
