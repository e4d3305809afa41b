"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { formatNumber } from "@/lib/client/format-number";
import {
  hasHiddenCharacters,
  showHiddenCharacters,
} from "@/lib/domain/visible-text";

import { EntryValue } from "./entry-value";

const SHOWN_CHARS_MAX = 600;
/** Line breaks and tabs are shown as such. */
const LAYOUT = /[\t\r\n]/g;

/** One whole value: long ones open on request, invisible characters can be made visible. */
export function LongValue({ value }: { value: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const [isMarked, setIsMarked] = useState(false);
  if (value === "") return <EntryValue value="" />;

  const isLong = value.length > SHOWN_CHARS_MAX;
  const cut = isLong && !isOpen ? beginning(value) : value;
  const hasHidden = hasHiddenCharacters(cut.replace(LAYOUT, ""));
  return (
    <>
      <bdi
        dir="auto"
        className="block max-w-prose break-words whitespace-pre-wrap"
      >
        {isMarked ? showHiddenCharacters(cut) : cut}
        {isLong && !isOpen && "…"}
      </bdi>
      {(isLong || hasHidden) && (
        <span className="mt-1 flex flex-wrap gap-2">
          {isLong && (
            <Button
              size="sm"
              variant="ghost"
              aria-expanded={isOpen}
              className="-ml-2.5 text-accent-text"
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen
                ? "Show less"
                : `Show all ${formatNumber(value.length)} characters`}
            </Button>
          )}
          {hasHidden && (
            <Button
              size="sm"
              variant="ghost"
              aria-pressed={isMarked}
              className="-ml-2.5 text-warning-text"
              onClick={() => setIsMarked(!isMarked)}
            >
              {isMarked
                ? "Hide invisible characters"
                : "Has invisible characters: show them"}
            </Button>
          )}
        </span>
      )}
    </>
  );
}

/** Cut between whole characters. */
function beginning(value: string): string {
  const cut = value.slice(0, SHOWN_CHARS_MAX);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
