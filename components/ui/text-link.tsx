import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

export function TextLink({
  className,
  ...rest
}: Omit<ComponentProps<typeof Link>, "href"> & { href: Route }) {
  return (
    <Link
      {...rest}
      className={classNames(
        "rounded-sm font-medium text-accent-text underline-offset-4 hover:underline",
        className,
      )}
    />
  );
}
