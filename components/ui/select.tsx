"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

import { controlStyle } from "./control-style";
import { useFieldControl } from "./field";

/** The browser's own select: best with a keyboard, on a phone and in long lists. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  const control = useFieldControl(rest);
  return (
    <span className={classNames("relative block min-w-0", className)}>
      <select
        {...rest}
        {...control}
        className={classNames(
          controlStyle,
          // Browsers count a select as read-only.
          "h-9 appearance-none read-only:bg-surface truncate pr-8 [&>optgroup]:bg-raised [&>option]:bg-raised",
        )}
      />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
