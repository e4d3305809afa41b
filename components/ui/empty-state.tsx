import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

type EmptyStateProps = {
  icon?: ReactNode;
  title: ReactNode;
  /** What to do next, in a sentence. */
  children?: ReactNode;
  actions?: ReactNode;
  /** `h1` when it is all there is on the page. */
  heading?: "h1" | "h2";
  className?: string;
};

export function EmptyState({
  icon,
  title,
  children,
  actions,
  heading: Heading = "h2",
  className,
}: EmptyStateProps) {
  return (
    <div
      className={classNames(
        "flex flex-col items-center rounded-card border border-dashed border-border-strong/50 bg-surface px-6 py-14 text-center",
        className,
      )}
    >
      {icon && (
        <div
          aria-hidden
          className="mb-4 flex size-11 items-center justify-center rounded-xl bg-accent-soft text-accent-text [&>svg]:size-5"
        >
          {icon}
        </div>
      )}
      <Heading className="text-[0.9375rem] font-semibold">{title}</Heading>
      {children && (
        <div className="mt-1 max-w-md text-sm text-pretty text-muted">
          {children}
        </div>
      )}
      {actions && (
        <div className="mt-5 flex flex-wrap justify-center gap-2">
          {actions}
        </div>
      )}
    </div>
  );
}
