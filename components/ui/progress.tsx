import { classNames } from "@/lib/client/class-names";

type ProgressProps = {
  label: string;
  /** Out of `max`; unknown when missing. */
  value?: number | undefined;
  max?: number;
  tone?: "accent" | "success" | "danger" | "neutral";
  className?: string;
};

const TONES = {
  accent: "bg-accent",
  success: "bg-success",
  danger: "bg-danger",
  neutral: "bg-border-strong",
};

export function Progress({
  label,
  value,
  max = 100,
  tone = "accent",
  className,
}: ProgressProps) {
  const isKnown = value !== undefined && max > 0;
  const share = isKnown ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={isKnown ? max : undefined}
      aria-valuenow={isKnown ? Math.min(value, max) : undefined}
      className={classNames(
        "h-2 w-full overflow-hidden rounded-full bg-border/70",
        className,
      )}
    >
      <div
        className={classNames(
          "h-full rounded-full",
          TONES[tone],
          isKnown
            ? "origin-left transition-transform duration-300"
            : "w-1/3 animate-indeterminate",
        )}
        style={isKnown ? { transform: `scaleX(${share})` } : undefined}
      />
    </div>
  );
}
