import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

const TONES = {
  info: {
    icon: Info,
    style: "border-accent/25 bg-accent-soft",
    iconStyle: "text-accent-text",
  },
  success: {
    icon: CircleCheck,
    style: "border-success/30 bg-success-soft",
    iconStyle: "text-success-text",
  },
  warning: {
    icon: TriangleAlert,
    style: "border-warning/35 bg-warning-soft",
    iconStyle: "text-warning-text",
  },
  danger: {
    icon: CircleAlert,
    style: "border-danger/30 bg-danger-soft",
    iconStyle: "text-danger-text",
  },
};

type NoticeProps = {
  tone?: keyof typeof TONES;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears; on by default for danger. */
  isLive?: boolean;
  className?: string;
};

export function Notice({
  tone = "info",
  title,
  children,
  actions,
  isLive = tone === "danger",
  className,
}: NoticeProps) {
  const { icon: Icon, style, iconStyle } = TONES[tone];
  return (
    <div
      role={isLive ? "alert" : undefined}
      className={classNames(
        "flex gap-3 rounded-control border px-3.5 py-3 text-sm",
        style,
        className,
      )}
    >
      <Icon
        aria-hidden
        className={classNames("mt-0.5 size-4 shrink-0", iconStyle)}
      />
      <div className="min-w-0 flex-1 break-words">
        {title && <p className="font-medium">{title}</p>}
        {children && (
          <div className={title ? "mt-0.5" : undefined}>{children}</div>
        )}
        {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
