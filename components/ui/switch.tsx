"use client";

import { useId, type ComponentProps, type ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

type SwitchProps = Omit<ComponentProps<"input">, "type" | "role"> & {
  label: ReactNode;
  hint?: ReactNode;
};

/** On or off, at once. A checkbox that reads as a switch, so it works in forms too. */
export function Switch({ label, hint, className, ...rest }: SwitchProps) {
  const hintId = useId();
  return (
    <label
      className={classNames(
        "flex items-start gap-3 has-disabled:opacity-55",
        className,
      )}
    >
      <span className="relative mt-px inline-flex shrink-0">
        <input
          {...rest}
          type="checkbox"
          role="switch"
          aria-describedby={hint ? hintId : rest["aria-describedby"]}
          className="peer h-5 w-9 appearance-none rounded-full border border-border-strong bg-sunken transition-colors checked:border-accent checked:bg-accent"
        />
        <span
          aria-hidden
          className="pointer-events-none absolute top-[3px] left-[3px] size-3.5 rounded-full bg-border-strong transition-transform peer-checked:translate-x-4 peer-checked:bg-on-accent"
        />
      </span>
      <span className="min-w-0">
        <span className="block text-sm">{label}</span>
        {hint && (
          <span id={hintId} className="block text-[0.8125rem] text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
