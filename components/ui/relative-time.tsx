"use client";

import { useSyncExternalStore } from "react";

import { formatDateTime, formatRelativeTime } from "@/lib/client/format-time";

const TICK_MS = 15_000;

/** "3 minutes ago", kept true; the full time in the reader's zone is its title. */
export function RelativeTime({
  at,
  empty = "never",
}: {
  /** An ISO time. */
  at: string | Date | null | undefined;
  /** Said when there is no time. */
  empty?: string;
}) {
  const now = useSyncExternalStore(everyTick, currentTick, currentTick);
  const isInBrowser = useSyncExternalStore(
    everyTick,
    () => true,
    () => false,
  );
  if (!at) return <span className="text-muted">{empty}</span>;
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={formatDateTime(date, isInBrowser ? undefined : "UTC")}
      className="whitespace-nowrap"
      // Rendered a moment earlier on the server.
      suppressHydrationWarning
    >
      {formatRelativeTime(date, Math.max(now, date.getTime()))}
    </time>
  );
}

function everyTick(onTick: () => void): () => void {
  const timer = setInterval(onTick, TICK_MS);
  return () => clearInterval(timer);
}

/** The same within a tick, as React wants. */
function currentTick(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS;
}
