"use client";

import { Check, Minus } from "lucide-react";
import {
  useEffect,
  useId,
  useRef,
  type ComponentProps,
  type ReactNode,
} from "react";

import { classNames } from "@/lib/client/class-names";

type CheckboxProps = Omit<ComponentProps<"input">, "type"> & {
  label: ReactNode;
  hint?: ReactNode;
  isLabelHidden?: boolean;
  /** Some of what it stands for is chosen. */
  isMixed?: boolean;
};

export function Checkbox({
  label,
  hint,
  isLabelHidden = false,
  isMixed = false,
  className,
  ref,
  ...rest
}: CheckboxProps) {
  const hintId = useId();
  const own = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    if (own.current) own.current.indeterminate = isMixed;
  }, [isMixed]);

  return (
    <label
      className={classNames(
        "flex items-start gap-2.5 has-disabled:opacity-55",
        className,
      )}
    >
      <span className="relative mt-0.5 flex size-4 shrink-0">
        <input
          {...rest}
          ref={(element) => {
            own.current = element;
            if (typeof ref === "function") ref(element);
            else if (ref) ref.current = element;
          }}
          type="checkbox"
          aria-describedby={hint ? hintId : rest["aria-describedby"]}
          className="peer size-4 appearance-none rounded-[5px] border border-border-strong bg-surface transition-colors checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent"
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-on-accent peer-checked:block peer-indeterminate:hidden"
        />
        <Minus
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-on-accent peer-indeterminate:block"
        />
      </span>
      <span className={classNames("min-w-0", isLabelHidden && "sr-only")}>
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
