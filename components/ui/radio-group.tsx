"use client";

import { useId, type ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

type RadioOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  hint?: ReactNode;
  isDisabled?: boolean;
};

type RadioGroupProps<Value extends string> = {
  legend: ReactNode;
  isLegendHidden?: boolean;
  options: readonly RadioOption<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
  name?: string;
  error?: string | undefined;
  /** `cards` frames each choice; `inline` sets them in one row. */
  layout?: "list" | "cards" | "inline";
  className?: string;
};

export function RadioGroup<Value extends string>({
  legend,
  isLegendHidden = false,
  options,
  value,
  onValueChange,
  name,
  error,
  layout = "list",
  className,
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <fieldset
      className={classNames("min-w-0", className)}
      aria-describedby={error ? `${id}-error` : undefined}
    >
      <legend
        className={classNames(
          "mb-1.5 text-[0.8125rem] font-medium",
          isLegendHidden && "sr-only",
        )}
      >
        {legend}
      </legend>
      <div
        className={classNames(
          "flex flex-col gap-2",
          layout === "inline" && "flex-row flex-wrap gap-x-5",
        )}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={classNames(
              "flex items-start gap-2.5 has-disabled:opacity-55",
              layout === "cards" &&
                "rounded-control border border-border bg-surface p-3 transition-colors has-checked:border-accent has-checked:bg-accent-soft",
            )}
          >
            <input
              type="radio"
              name={name ?? id}
              value={option.value}
              checked={option.value === value}
              disabled={option.isDisabled}
              onChange={() => onValueChange(option.value)}
              aria-describedby={
                option.hint ? `${id}-${option.value}` : undefined
              }
              className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-border-strong bg-surface transition-[border-width] checked:border-[5px] checked:border-accent"
            />
            <span className="min-w-0">
              <span className="block text-sm">{option.label}</span>
              {option.hint && (
                <span
                  id={`${id}-${option.value}`}
                  className="block text-[0.8125rem] text-muted"
                >
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error && (
        <p
          id={`${id}-error`}
          role="alert"
          className="mt-1.5 text-[0.8125rem] text-danger-text"
        >
          {error}
        </p>
      )}
    </fieldset>
  );
}
