"use client";

import { ChevronsUpDown, LogOut, UserRound } from "lucide-react";
import { signOut } from "next-auth/react";
import { useState } from "react";

import {
  DropdownMenu,
  MenuItem,
  MenuSeparator,
} from "@/components/ui/dropdown-menu";
import { paths } from "@/lib/client/paths";

import type { ShellUser } from "./app-frame";
import { ThemeChoice } from "./theme-choice";

export function UserMenu({ user }: { user: ShellUser }) {
  const [isLeaving, setIsLeaving] = useState(false);

  async function leave() {
    setIsLeaving(true);
    await signOut({ redirect: false }).catch(() => undefined);
    // A full load: nothing of the session stays in memory.
    location.assign(paths.signIn());
  }

  return (
    <DropdownMenu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          disabled={isLeaving}
          className="flex w-full min-w-0 items-center gap-2.5 rounded-control p-2 text-left transition-colors hover:bg-sunken data-[state=open]:bg-sunken"
        >
          <span
            aria-hidden
            className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text uppercase"
          >
            {initials(user.name || user.email)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-[0.8125rem] font-medium">
              {user.name || user.email}
            </span>
            <span className="block truncate text-xs text-muted capitalize">
              {isLeaving ? "Signing out …" : user.role}
            </span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="sr-only">Account menu</span>
        </button>
      }
    >
      <div className="max-w-64 px-2 pt-1.5 pb-2">
        <p className="truncate text-sm font-medium">{user.name || "Account"}</p>
        <p className="truncate text-xs text-muted">{user.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem icon={<UserRound aria-hidden />} href={paths.account()}>
        Your account
      </MenuItem>
      <MenuItem
        icon={<LogOut aria-hidden />}
        onSelect={() => {
          void leave();
        }}
      >
        Sign out
      </MenuItem>
      <MenuSeparator />
      <div className="p-1">
        <ThemeChoice />
      </div>
    </DropdownMenu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0] ?? "")
    .join("");
}
