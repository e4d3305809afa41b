import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

import { buttonStyle, type ButtonStyle } from "./button-style";

type LinkButtonProps = Omit<ComponentProps<typeof Link>, "href"> &
  ButtonStyle & { href: Route };

/** A link that looks like a button. For downloads use an `a` with `buttonStyle`. */
export function LinkButton({
  variant,
  size,
  className,
  ...rest
}: LinkButtonProps) {
  return (
    <Link
      {...rest}
      className={classNames(buttonStyle({ variant, size }), className)}
    />
  );
}
