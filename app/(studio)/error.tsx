"use client";

import { PageFailure } from "@/components/shell/page-failure";

export default function StudioError({
  error,
}: {
  error: Error & { digest?: string };
}) {
  return <PageFailure code={error.digest} />;
}
