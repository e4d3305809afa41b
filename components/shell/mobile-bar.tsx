"use client";

import { Menu, X } from "lucide-react";
import Link from "next/link";
import { Dialog } from "radix-ui";
import { useState } from "react";

import { buttonStyle } from "@/components/ui/button-style";
import { dialogBackdropStyle } from "@/components/ui/dialog-style";
import { paths } from "@/lib/client/paths";

import type { ShellUser } from "./app-frame";
import { BrandMark } from "./brand-mark";
import { Navigation } from "./navigation";
import { UserMenu } from "./user-menu";

export function MobileBar({ user }: { user: ShellUser }) {
  const [isOpen, setIsOpen] = useState(false);
  const iconButton = buttonStyle({ variant: "ghost", size: "icon" });
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-b border-border bg-surface px-4 lg:hidden">
      <Link
        href={paths.sources()}
        className="flex items-center gap-2.5 rounded-sm font-semibold"
      >
        <BrandMark className="size-6" />
        Source Studio
      </Link>
      <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
        <Dialog.Trigger className={iconButton} aria-label="Open the menu">
          <Menu aria-hidden />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className={dialogBackdropStyle} />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col border-l border-border bg-raised shadow-raised focus:outline-none"
          >
            <div className="flex h-14 items-center justify-between border-b border-border px-4">
              <Dialog.Title className="font-semibold">Menu</Dialog.Title>
              <Dialog.Close className={iconButton} aria-label="Close the menu">
                <X aria-hidden />
              </Dialog.Close>
            </div>
            <div className="flex-1 overflow-y-auto p-3">
              <Navigation
                role={user.role}
                onNavigate={() => setIsOpen(false)}
              />
            </div>
            <div className="border-t border-border p-2">
              <UserMenu user={user} />
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
