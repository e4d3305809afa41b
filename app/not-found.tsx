import type { Metadata } from "next";

import { NotFoundState } from "@/components/shell/not-found-state";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main className="mx-auto max-w-2xl px-4 py-24">
      <NotFoundState />
    </main>
  );
}
