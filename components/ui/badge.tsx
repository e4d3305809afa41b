import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

const badgeStyle = cva(
  "inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap",
  {
    variants: {
      tone: {
        neutral: "bg-sunken text-muted ring-1 ring-border ring-inset",
        accent: "bg-accent-soft text-accent-text",
        success: "bg-success-soft text-success-text",
        warning: "bg-warning-soft text-warning-text",
        danger: "bg-danger-soft text-danger-text",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type BadgeTone = NonNullable<VariantProps<typeof badgeStyle>["tone"]>;

type BadgeProps = {
  tone?: BadgeTone;
  /** A dot in front: for the state of something. */
  hasDot?: boolean;
  className?: string;
  children: ReactNode;
};

export function Badge({
  tone = "neutral",
  hasDot = false,
  className,
  children,
}: BadgeProps) {
  return (
    <span className={classNames(badgeStyle({ tone }), className)}>
      {hasDot && (
        <span aria-hidden className="size-1.5 rounded-full bg-current" />
      )}
      {children}
    </span>
  );
}
