const STEPS: [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, "second"],
  [3_600, "minute"],
  [86_400, "hour"],
  [7 * 86_400, "day"],
  [30 * 86_400, "week"],
  [365 * 86_400, "month"],
];

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 minutes ago", "yesterday"; "just now" within 10 seconds. */
export function formatRelativeTime(at: Date, nowMs: number): string {
  const seconds = (at.getTime() - nowMs) / 1_000;
  const distance = Math.abs(seconds);
  if (distance < 10) return "just now";
  let divisor = 1;
  for (const [limit, unit] of STEPS) {
    if (distance < limit) {
      return RELATIVE.format(Math.trunc(seconds / divisor), unit);
    }
    divisor = limit;
  }
  return RELATIVE.format(Math.trunc(seconds / divisor), "year");
}

/** "22 Nov 2026, 14:05:09 CET"; in the reader's zone unless one is given. */
export function formatDateTime(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(at);
}

/** "10:42"; in the reader's zone unless one is given. */
export function formatTimeOfDay(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  }).format(at);
}

/** Seconds to "8 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    const rest = whole % 60;
    return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  }
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "10:42:07"; in the reader's zone unless one is given. */
export function formatClockTime(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone,
  }).format(at);
}
