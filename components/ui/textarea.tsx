"use client";

import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

import { controlStyle } from "./control-style";
import { useFieldControl } from "./field";

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  const control = useFieldControl(rest);
  return (
    <textarea
      rows={3}
      {...rest}
      {...control}
      className={classNames(
        controlStyle,
        "min-h-20 py-2 read-only:bg-sunken",
        className,
      )}
    />
  );
}
