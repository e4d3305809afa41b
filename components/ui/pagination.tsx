"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Route } from "next";
import type { ReactNode } from "react";

import { Button } from "./button";
import { LinkButton } from "./link-button";

/** An address, something to call, or nothing when there is no such page. */
export type PageTarget = Route | (() => void) | undefined;

/** Back and forth through a list whose pages have no numbers. */
export function Pagination({
  previous,
  next,
  children,
}: {
  previous: PageTarget;
  next: PageTarget;
  /** What is shown, such as "50 of 1,200 entries". */
  children?: ReactNode;
}) {
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-3"
    >
      <p className="text-[0.8125rem] text-muted">{children}</p>
      <div className="flex gap-2">
        <PageButton target={previous}>
          <ChevronLeft aria-hidden />
          Previous
        </PageButton>
        <PageButton target={next}>
          Next
          <ChevronRight aria-hidden />
        </PageButton>
      </div>
    </nav>
  );
}

function PageButton({
  target,
  children,
}: {
  target: PageTarget;
  children: ReactNode;
}) {
  if (typeof target === "string") {
    return (
      <LinkButton href={target} size="sm">
        {children}
      </LinkButton>
    );
  }
  return (
    <Button size="sm" disabled={!target} onClick={() => target?.()}>
      {children}
    </Button>
  );
}
