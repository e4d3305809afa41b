"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

import { classNames } from "@/lib/client/class-names";
import { copyText } from "@/lib/client/copy-text";

import { Button } from "./button";

const SHOWN_MS = 2_000;

type CopyButtonProps = {
  text: string;
  /** What is copied, such as "secret": spoken, and shown unless `isIconOnly`. */
  label?: string;
  isIconOnly?: boolean;
  variant?: "secondary" | "ghost" | "primary";
  size?: "sm" | "md";
  className?: string;
  onCopy?: () => void;
};

export function CopyButton({
  text,
  label,
  isIconOnly = false,
  variant = "secondary",
  size = "sm",
  className,
  onCopy,
}: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const name = label ? `Copy ${label}` : "Copy";
  const said = {
    idle: "",
    copied: "Copied",
    failed: "Copying is not allowed here: select the text and copy it",
  }[state];

  return (
    <>
      <Button
        variant={variant}
        size={isIconOnly ? "iconSm" : size}
        aria-label={isIconOnly ? name : undefined}
        title={isIconOnly ? name : undefined}
        className={classNames(isIconOnly && "text-muted", className)}
        onClick={() =>
          void copyText(text).then((isCopied) => {
            setState(isCopied ? "copied" : "failed");
            if (isCopied) onCopy?.();
          })
        }
      >
        {state === "copied" ? (
          <Check aria-hidden className="text-success-text" />
        ) : (
          <Copy aria-hidden />
        )}
        {!isIconOnly && (state === "copied" ? "Copied" : name)}
      </Button>
      <span role="status" className="sr-only">
        {said}
      </span>
      {state === "failed" && (
        <span aria-hidden className="text-xs text-danger-text">
          Select the text and copy it
        </span>
      )}
    </>
  );
}
