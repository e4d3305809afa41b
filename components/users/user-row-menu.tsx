"use client";

import {
  Ban,
  KeyRound,
  MoreHorizontal,
  ShieldCheck,
  UserCheck,
} from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu";
import type { ActionResult } from "@/lib/domain/result";
import type { PasswordSetting, RoleChange, User } from "@/lib/domain/user";

import { ChangeRoleDialog } from "./change-role-dialog";
import { SetPasswordDialog } from "./set-password-dialog";

export type UserActions = {
  changeRole: (input: RoleChange) => Promise<ActionResult<User>>;
  disable: (id: string) => Promise<ActionResult<User>>;
  enable: (id: string) => Promise<ActionResult<User>>;
  setPassword: (input: PasswordSetting) => Promise<ActionResult<User>>;
};

export function UserRowMenu({
  user,
  isSelf,
  actions,
}: {
  user: User;
  isSelf: boolean;
  actions: UserActions;
}) {
  const [opened, setOpened] = useState<"role" | "password" | "disable">();
  const close = () => setOpened(undefined);
  const who = user.name || user.email;

  async function enable() {
    try {
      const result = await actions.enable(user.id);
      if (result.ok) toast.success(`${who} can sign in again`);
      else toast.error(result.error.message);
    } catch {
      toast.error("The server could not be reached. Try again.");
    }
  }

  return (
    <>
      <DropdownMenu
        trigger={
          <Button
            variant="ghost"
            size="iconSm"
            aria-label={`Actions for ${who}`}
          >
            <MoreHorizontal aria-hidden />
          </Button>
        }
      >
        <MenuItem
          icon={<ShieldCheck aria-hidden />}
          onSelect={() => setOpened("role")}
        >
          Change role …
        </MenuItem>
        {!isSelf && (
          <MenuItem
            icon={<KeyRound aria-hidden />}
            onSelect={() => setOpened("password")}
          >
            Set a password …
          </MenuItem>
        )}
        {user.isDisabled ? (
          <MenuItem
            icon={<UserCheck aria-hidden />}
            onSelect={() => void enable()}
          >
            Enable
          </MenuItem>
        ) : (
          <MenuItem
            tone="danger"
            icon={<Ban aria-hidden />}
            onSelect={() => setOpened("disable")}
          >
            Disable …
          </MenuItem>
        )}
      </DropdownMenu>

      <ChangeRoleDialog
        key={`role-${user.role}`}
        user={user}
        isOpen={opened === "role"}
        onClose={close}
        save={actions.changeRole}
      />
      <SetPasswordDialog
        user={user}
        isOpen={opened === "password"}
        onClose={close}
        save={actions.setPassword}
      />
      <AlertDialog
        open={opened === "disable"}
        onOpenChange={(isOpen) => !isOpen && close()}
        title={`Disable ${who}?`}
        description={
          isSelf
            ? "You will be signed out at once and cannot sign in again until another admin enables you."
            : "They are signed out at once and cannot sign in until you enable them. What they did stays."
        }
        confirmLabel="Disable"
        onConfirm={async () => {
          const result = await actions.disable(user.id);
          if (!result.ok) return result.error.message;
          toast.success(`${who} is disabled`);
        }}
      />
    </>
  );
}
