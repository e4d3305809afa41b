"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

import { buttonStyle } from "./button-style";
import { dialogBackdropStyle, dialogPanelStyle } from "./dialog-style";

type DialogProps = {
  /** The element that opens it; without one, `open` is steered from outside. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  size?: "md" | "lg" | "xl";
  /** `false` while leaving would lose something, such as a secret shown once. */
  canDismiss?: boolean;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
};

const WIDTHS = { md: "max-w-md", lg: "max-w-2xl", xl: "max-w-4xl" };

export function Dialog({
  trigger,
  open,
  onOpenChange,
  title,
  description,
  size = "md",
  canDismiss = true,
  children,
  footer,
}: DialogProps) {
  const stay = (event: Event) => {
    if (!canDismiss) event.preventDefault();
  };
  return (
    <Primitive.Root
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange })}
    >
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={dialogBackdropStyle} />
        <Primitive.Content
          {...(!description && { "aria-describedby": undefined })}
          onEscapeKeyDown={stay}
          onInteractOutside={stay}
          className={classNames(dialogPanelStyle, WIDTHS[size])}
        >
          <div className="flex items-start gap-4 px-5 pt-5">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-base font-semibold">
                {title}
              </Primitive.Title>
              {description && (
                <Primitive.Description className="mt-1 text-sm text-muted">
                  {description}
                </Primitive.Description>
              )}
            </div>
            {canDismiss && (
              <Primitive.Close
                aria-label="Close"
                className={classNames(
                  buttonStyle({ variant: "ghost", size: "iconSm" }),
                  "-mt-1 -mr-2 text-muted",
                )}
              >
                <X aria-hidden />
              </Primitive.Close>
            )}
          </div>
          <div className="min-h-0 overflow-y-auto px-5 py-4">{children}</div>
          {footer && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-border px-5 py-4">
              {footer}
            </div>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Wraps a button of the footer that only closes the dialog. */
export const DialogClose = Primitive.Close;
