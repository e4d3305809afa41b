import type { ReactNode } from "react";

import { BrandMark } from "./brand-mark";

/** The narrow page around signing in and the first account. */
export function AuthFrame({
  title,
  description,
  children,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-10 sm:justify-center">
      <div className="w-full max-w-[25rem]">
        <div className="mb-8 flex items-center justify-center gap-2.5">
          <BrandMark className="size-8" />
          <span className="text-lg font-semibold tracking-tight">
            Source Studio
          </span>
        </div>
        <div className="rounded-card border border-border bg-surface p-6 shadow-raised sm:p-8">
          <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
          {description && (
            <p className="mt-1.5 text-sm text-pretty text-muted">
              {description}
            </p>
          )}
          <div className="mt-6">{children}</div>
        </div>
      </div>
    </main>
  );
}
