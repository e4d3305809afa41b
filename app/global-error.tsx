"use client";

import "./globals.css";

import { ErrorState } from "@/components/shell/error-state";

export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-2xl px-4 py-24">
          <title>Something went wrong · Source Studio</title>
          <ErrorState code={error.digest} retry={reset} />
        </main>
      </body>
    </html>
  );
}
