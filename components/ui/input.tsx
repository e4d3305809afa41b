"use client";

import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

import { controlStyle } from "./control-style";
import { useFieldControl } from "./field";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  const control = useFieldControl(rest);
  return (
    <input
      type="text"
      {...rest}
      {...control}
      className={classNames(controlStyle, "h-9 read-only:bg-sunken", className)}
    />
  );
}
