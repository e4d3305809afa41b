"use client";

import { ErrorState } from "@/components/shell/error-state";

export default function StudioError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <ErrorState code={error.digest} retry={reset} />;
}
