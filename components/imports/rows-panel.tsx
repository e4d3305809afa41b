"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { ROW_WORDS } from "@/lib/wording/rows";

/** Beside the rows, above them on a narrow screen. */
export function RowsPanelFrame({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className="w-full shrink-0 space-y-3 rounded-card border border-border bg-surface p-4 shadow-card lg:w-80"
    >
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
        <Button
          variant="ghost"
          size="iconSm"
          aria-label={`${ROW_WORDS.close}: ${title}`}
          onClick={onClose}
        >
          <X aria-hidden />
        </Button>
      </div>
      {children}
    </section>
  );
}
