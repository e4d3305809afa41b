"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

export type TabLink = {
  href: Route;
  label: string;
  count?: ReactNode;
  /** Also current on the pages below it. */
  isPrefix?: boolean;
};

/** Tabs that are pages, each with its own address. */
export function TabNav({
  label,
  tabs,
  className,
}: {
  /** What the tabs are of, for screen readers. */
  label: string;
  tabs: readonly TabLink[];
  className?: string;
}) {
  const pathname = usePathname();
  return (
    <nav
      aria-label={label}
      className={classNames("border-b border-border", className)}
    >
      <ul className="-mb-px flex gap-1 overflow-x-auto [scrollbar-width:none]">
        {tabs.map(({ href, label: text, count, isPrefix }) => {
          const isCurrent =
            pathname === href || (isPrefix && pathname.startsWith(`${href}/`));
          return (
            <li key={href} className="shrink-0">
              <Link
                href={href}
                aria-current={isCurrent ? "page" : undefined}
                className={classNames(
                  "flex items-center gap-2 rounded-t-md border-b-2 border-transparent px-3 py-2.5 text-sm font-medium text-muted -outline-offset-2 transition-colors hover:text-text",
                  isCurrent && "border-accent text-text",
                )}
              >
                {text}
                {count !== undefined && (
                  <span className="rounded-full bg-sunken px-1.5 py-px text-xs text-muted">
                    {count}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
