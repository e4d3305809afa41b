"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { ActionResult } from "@/lib/domain/result";
import type { Role, RoleChange, User } from "@/lib/domain/user";

import { RoleChoice } from "./role-choice";
import { ROLE_TEXTS } from "./role-texts";

export function ChangeRoleDialog({
  user,
  isOpen,
  onClose,
  save,
}: {
  user: User;
  isOpen: boolean;
  onClose: () => void;
  save: (input: RoleChange) => Promise<ActionResult<User>>;
}) {
  const [role, setRole] = useState<Role>(user.role);
  const who = user.name || user.email;
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (result) => {
      if (!result.ok) return;
      toast.success(`${who} is ${ROLE_TEXTS[role].label.toLowerCase()} now`);
      onClose();
    },
  });
  const problem = saving.isError
    ? "The server could not be reached. Try again."
    : saving.data?.ok === false && saving.data.error.message;

  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => {
        if (open) return;
        saving.reset();
        setRole(user.role);
        onClose();
      }}
      title={`Role of ${who}`}
      description="Counts from their next click on."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={role === user.role}
            isLoading={saving.isPending}
            onClick={() => saving.mutate({ id: user.id, role })}
          >
            Change the role
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <RoleChoice value={role} onValueChange={setRole} isLegendHidden />
        {problem && <Notice tone="danger">{problem}</Notice>}
      </div>
    </Dialog>
  );
}
