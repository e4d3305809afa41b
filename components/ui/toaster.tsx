"use client";

import { Toaster as Sonner } from "sonner";

/** Once, in the root layout. Elsewhere: `import { toast } from "sonner"`. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      toastOptions={{
        style: {
          background: "var(--raised)",
          color: "var(--text)",
          border: "1px solid var(--border)",
          boxShadow: "var(--tw-shadow, 0 12px 32px -8px var(--shadow-colour))",
          borderRadius: "0.625rem",
          fontFamily: "var(--font-geist-sans)",
        },
      }}
    />
  );
}
