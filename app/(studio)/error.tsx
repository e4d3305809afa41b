"use client";

import { useEffect } from "react";

import { ErrorState } from "@/components/shell/error-state";
import { paths } from "@/lib/client/paths";

export default function StudioError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  useEffect(() => {
    // A session that ended meanwhile fails the page in the same way, without a word.
    void fetch("/api/session").then(
      ({ status }) => {
        if (status === 401) {
          location.assign(paths.signIn(location.pathname + location.search));
        }
      },
      () => undefined,
    );
  }, [error]);
  return <ErrorState code={error.digest} retry={reset} />;
}
