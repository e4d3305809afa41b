"use client";

import "./globals.css";

import { PageFailure } from "@/components/shell/page-failure";

export default function GlobalError({
  error,
}: {
  error: Error & { digest?: string };
}) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-2xl px-4 py-24">
          <title>Something went wrong · Source Studio</title>
          <PageFailure code={error.digest} />
        </main>
      </body>
    </html>
  );
}
