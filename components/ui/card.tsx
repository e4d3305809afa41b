import type { ComponentProps, ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

export function Card({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      {...rest}
      className={classNames(
        "min-w-0 rounded-card border border-border bg-surface shadow-card",
        className,
      )}
    />
  );
}

type SectionProps = {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** `false` when the content brings its own edges, such as a plain table. */
  isPadded?: boolean;
  tone?: "default" | "danger";
  className?: string;
  children?: ReactNode;
};

/** A card with a heading. */
export function Section({
  title,
  description,
  actions,
  isPadded = true,
  tone = "default",
  className,
  children,
}: SectionProps) {
  return (
    <section
      className={classNames(
        "min-w-0 overflow-hidden rounded-card border border-border bg-surface shadow-card",
        tone === "danger" && "border-danger/40",
        className,
      )}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-5 pt-4 pb-3">
        <div className="min-w-0">
          <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
          {description && (
            <p className="mt-0.5 text-[0.8125rem] text-muted">{description}</p>
          )}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      <div className={isPadded ? "px-5 pb-5" : "border-t border-border"}>
        {children}
      </div>
    </section>
  );
}
