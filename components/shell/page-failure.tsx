"use client";

import { useEffect, useState } from "react";

import { ErrorState } from "./error-state";

const PROBE_MS = 3_000;

type Health = "unknown" | "up" | "down";

/**
 * In place of a page that failed. A server or a database that is away is said
 * in its own words, and the page is loaded again when it is back.
 */
export function PageFailure({ code }: { code?: string | undefined }) {
  const health = useHealth();
  if (health === "down") {
    return (
      <ErrorState
        title="The Studio is not available just now"
        message="Its database or the server itself cannot be reached. What is stored is safe; this page opens by itself as soon as it is back."
        retry={reload}
      />
    );
  }
  // The first answer comes within a second; until then the words would change.
  return health === "up" ? <ErrorState code={code} retry={reload} /> : null;
}

/** Trying the failed part again would show what the server sent before. */
function reload(): void {
  window.location.reload();
}

function useHealth(): Health {
  const [health, setHealth] = useState<Health>("unknown");
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wasDown = false;
    async function probe() {
      const isUp = await fetch("/ready", { cache: "no-store" }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isOver) return;
      if (isUp && wasDown) return reload();
      setHealth(isUp ? "up" : "down");
      if (isUp) return;
      wasDown = true;
      timer = setTimeout(() => void probe(), PROBE_MS);
    }
    void probe();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return health;
}
