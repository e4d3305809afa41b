import { classNames } from "@/lib/client/class-names";

export function Spinner({
  className,
  label,
}: {
  className?: string;
  /** Spoken when nothing beside it says what is going on. */
  label?: string;
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      className={classNames("size-4 shrink-0 animate-spin", className)}
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <circle
        cx="8"
        cy="8"
        r="6.25"
        stroke="currentColor"
        strokeWidth="1.75"
        opacity="0.25"
      />
      <path
        d="M14.25 8A6.25 6.25 0 0 0 8 1.75"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}
