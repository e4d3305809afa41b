"use client";

import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

type TabsProps = {
  label: string;
  tabs: readonly { value: string; label: ReactNode; content: ReactNode }[];
  value?: string;
  onValueChange?: (value: string) => void;
  className?: string;
};

/** Tabs within a page. Where each has an address of its own, use `TabNav`. */
export function Tabs({
  label,
  tabs,
  value,
  onValueChange,
  className,
}: TabsProps) {
  const first = tabs[0]?.value ?? "";
  return (
    <Primitive.Root
      className={className}
      {...(value === undefined ? { defaultValue: first } : { value })}
      {...(onValueChange && { onValueChange })}
    >
      <Primitive.List
        aria-label={label}
        className="inline-flex max-w-full gap-0.5 overflow-x-auto rounded-control bg-sunken p-0.5"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className={classNames(
              "rounded-md px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap text-muted transition-colors hover:text-text",
              "data-[state=active]:bg-raised data-[state=active]:text-text data-[state=active]:shadow-card",
            )}
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="mt-4">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
