"use client";

import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

import { buttonStyle, type ButtonStyle } from "./button-style";
import { Spinner } from "./spinner";

export type ButtonProps = ComponentProps<"button"> &
  ButtonStyle & {
    /** Shows that its work is going on; further clicks do nothing. */
    isLoading?: boolean;
  };

export function Button({
  variant,
  size,
  isLoading = false,
  className,
  children,
  type = "button",
  onClick,
  onMouseDown,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      // Not `disabled`: the focus would be lost while the work goes on.
      aria-disabled={isLoading || undefined}
      aria-busy={isLoading || undefined}
      onMouseDown={(event) => {
        // Leaving a field checks it; a sentence that comes then moves the
        // button away under the click.
        if (type === "submit") event.preventDefault();
        onMouseDown?.(event);
      }}
      onClick={(event) => {
        if (isLoading) event.preventDefault();
        else onClick?.(event);
      }}
      className={classNames(buttonStyle({ variant, size }), className)}
    >
      {isLoading && <Spinner />}
      {children}
    </button>
  );
}
