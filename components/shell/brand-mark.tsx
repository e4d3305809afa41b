import { classNames } from "@/lib/client/class-names";

/** Three streams that become one. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden
      className={classNames("size-7 shrink-0", className)}
    >
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g
        fill="none"
        stroke="#fff"
        strokeWidth="2.25"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M7.5 9.5h3.2c2.9 0 4.3 6.5 8.3 6.5h5" />
        <path d="M7.5 22.5h3.2c2.9 0 4.3-6.5 8.3-6.5" />
        <path d="M7.5 16H15" opacity=".65" />
      </g>
      <circle cx="24" cy="16" r="2.6" fill="#fff" />
    </svg>
  );
}
