import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

export type Breadcrumb = { label: string; href: Route };

type PageHeaderProps = {
  title: ReactNode;
  /** Beside the title: a badge, an identifier. */
  meta?: ReactNode;
  description?: ReactNode;
  /** The pages above this one. */
  breadcrumbs?: readonly Breadcrumb[];
  /** Buttons; one of them at most is primary. */
  actions?: ReactNode;
};

export function PageHeader({
  title,
  meta,
  description,
  breadcrumbs = [],
  actions,
}: PageHeaderProps) {
  return (
    <header className="mb-6">
      {breadcrumbs.length > 0 && (
        <nav aria-label="Breadcrumbs" className="mb-2">
          <ol className="flex flex-wrap items-center gap-1 text-[0.8125rem] text-muted">
            {breadcrumbs.map(({ label, href }, index) => (
              <li key={href} className="flex min-w-0 items-center gap-1">
                {index > 0 && (
                  <ChevronRight aria-hidden className="size-3.5 shrink-0" />
                )}
                <Link
                  href={href}
                  className="max-w-64 truncate rounded-sm underline-offset-4 hover:text-text hover:underline"
                >
                  {label}
                </Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="max-w-full min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="text-xl font-semibold tracking-tight break-words">
              {title}
            </h1>
            {meta}
          </div>
          {description && (
            <p className="mt-1 max-w-2xl text-sm text-pretty text-muted">
              {description}
            </p>
          )}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}
