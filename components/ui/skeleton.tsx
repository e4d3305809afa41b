import { classNames } from "@/lib/client/class-names";

/** Holds the place of something that is loading. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden
      className={classNames(
        "h-4 animate-pulse rounded-md bg-border/70",
        className,
      )}
    />
  );
}
