"use client";

import type { Route } from "next";
import Link from "next/link";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

type DropdownMenuProps = {
  /** A button. */
  trigger: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
};

export function DropdownMenu({
  trigger,
  align = "end",
  side = "bottom",
  children,
}: DropdownMenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-[max(12rem,var(--radix-dropdown-menu-trigger-width))] animate-appear rounded-control border border-border bg-raised p-1 text-sm shadow-raised"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const itemStyle =
  "flex w-full cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 outline-none select-none data-disabled:cursor-not-allowed data-disabled:opacity-55 data-highlighted:bg-sunken [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted";

type MenuItemProps = {
  icon?: ReactNode;
  tone?: "default" | "danger";
  isDisabled?: boolean;
  /** A link when given. */
  href?: Route;
  onSelect?: (event: Event) => void;
  children: ReactNode;
};

export function MenuItem({
  icon,
  tone = "default",
  isDisabled = false,
  href,
  onSelect,
  children,
}: MenuItemProps) {
  const content = (
    <>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </>
  );
  return (
    <Primitive.Item
      disabled={isDisabled}
      asChild={href !== undefined}
      {...(onSelect && { onSelect })}
      className={classNames(
        itemStyle,
        tone === "danger" &&
          "text-danger-text data-highlighted:bg-danger-soft [&>svg]:text-danger-text",
      )}
    >
      {href === undefined ? content : <Link href={href}>{content}</Link>}
    </Primitive.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2 py-1.5 text-xs font-medium text-muted">
      {children}
    </Primitive.Label>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-border" />;
}

/** One choice of a few, as a row of icons. */
export function MenuChoice<Value extends string>({
  label,
  value,
  onValueChange,
  options,
}: {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon: ReactNode }[];
}) {
  return (
    <Primitive.RadioGroup
      aria-label={label}
      value={value}
      className="flex gap-0.5 rounded-md bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Primitive.RadioItem
          key={option.value}
          value={option.value}
          aria-label={option.label}
          title={option.label}
          onSelect={(event) => {
            event.preventDefault();
            onValueChange(option.value);
          }}
          className="flex h-7 flex-1 cursor-pointer items-center justify-center rounded-md text-muted outline-none data-highlighted:text-text data-highlighted:ring-2 data-highlighted:ring-focus data-[state=checked]:bg-raised data-[state=checked]:text-text data-[state=checked]:shadow-card [&>svg]:size-4"
        >
          {option.icon}
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}
