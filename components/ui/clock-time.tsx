import { formatClockTime, formatDateTime } from "@/lib/client/format-time";

/** "14:05:09", in the reader's zone; the full time is its title. For a moment that is near, before or after. */
export function ClockTime({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={formatDateTime(date)}
      className="whitespace-nowrap tabular-nums"
      // Rendered in another zone on the server.
      suppressHydrationWarning
    >
      {formatClockTime(date)}
    </time>
  );
}
