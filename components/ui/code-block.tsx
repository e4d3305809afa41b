"use client";

import { Tabs } from "radix-ui";
import { useState } from "react";

import { classNames } from "@/lib/client/class-names";

import { CopyButton } from "./copy-button";

export type CodeSample = { label: string; code: string };

/** Code with a copy button; with several samples, a tab for each. */
export function CodeBlock({
  label,
  samples,
  className,
}: {
  /** What the code does, for screen readers. */
  label: string;
  samples: readonly CodeSample[];
  className?: string;
}) {
  const [current, setCurrent] = useState(samples[0]?.label ?? "");
  const shown = samples.find((sample) => sample.label === current);
  return (
    <Tabs.Root
      value={current}
      onValueChange={setCurrent}
      className={classNames(
        "min-w-0 overflow-hidden rounded-control border border-border bg-sunken",
        className,
      )}
    >
      <div className="flex items-center justify-between gap-2 border-b border-border pr-1.5 pl-2">
        <Tabs.List
          aria-label={label}
          className="flex min-w-0 gap-1 overflow-x-auto"
        >
          {samples.map((sample) => (
            <Tabs.Trigger
              key={sample.label}
              value={sample.label}
              className="border-b-2 border-transparent px-2 py-2 text-[0.8125rem] font-medium whitespace-nowrap text-muted -outline-offset-2 hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
            >
              {sample.label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <CopyButton text={shown?.code ?? ""} variant="ghost" />
      </div>
      {samples.map((sample) => (
        <Tabs.Content
          key={sample.label}
          value={sample.label}
          className="overflow-x-auto -outline-offset-2"
        >
          <pre className="p-4 font-mono text-[0.8125rem] leading-relaxed">
            <code>{sample.code}</code>
          </pre>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
