"use client";

import { AlertDialog as Primitive } from "radix-ui";
import { useState, type FormEvent, type ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

import { Button } from "./button";
import { dialogBackdropStyle, dialogPanelStyle } from "./dialog-style";
import { TextField } from "./field";
import { Notice } from "./notice";

type AlertDialogProps = {
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: ReactNode;
  /** What will be lost, in a sentence or two. */
  description: ReactNode;
  children?: ReactNode;
  confirmLabel: string;
  tone?: "danger" | "primary";
  /** What must be typed, exactly, before it can be confirmed. */
  typedConfirmation?: string;
  /** Does the work. Answers a sentence when it failed: the dialog then stays open with it. */
  onConfirm: () => Promise<string | undefined | void>;
};

export function AlertDialog({
  trigger,
  open,
  onOpenChange,
  ...body
}: AlertDialogProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const isOpen = open ?? ownOpen;
  const change = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  return (
    <Primitive.Root open={isOpen} onOpenChange={change}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={dialogBackdropStyle} />
        <Primitive.Content className={classNames(dialogPanelStyle, "max-w-md")}>
          <AlertBody {...body} close={() => change(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Mounted with each opening, so it starts afresh. */
function AlertBody({
  title,
  description,
  children,
  confirmLabel,
  tone = "danger",
  typedConfirmation,
  onConfirm,
  close,
}: Omit<AlertDialogProps, "trigger" | "open" | "onOpenChange"> & {
  close: () => void;
}) {
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isReady =
    typedConfirmation === undefined || typed === typedConfirmation;

  async function confirm(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    if (!isReady || isBusy) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      const failed = await onConfirm();
      if (failed === undefined) return close();
      setProblem(failed);
    } catch {
      setProblem("The server could not be reached. Try again.");
    }
    setIsBusy(false);
  }

  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => void confirm(event)}
    >
      <div className="min-h-0 space-y-4 overflow-y-auto p-5">
        <div>
          <Primitive.Title className="text-base font-semibold">
            {title}
          </Primitive.Title>
          <Primitive.Description className="mt-1.5 text-sm text-muted">
            {description}
          </Primitive.Description>
        </div>
        {children}
        {typedConfirmation !== undefined && (
          <TextField
            label={
              <>
                Type{" "}
                <code className="rounded bg-sunken px-1 py-0.5 font-mono break-all">
                  {typedConfirmation}
                </code>{" "}
                to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            autoCapitalize="none"
          />
        )}
        {problem && <Notice tone="danger">{problem}</Notice>}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-border px-5 py-4">
        <Primitive.Cancel asChild>
          <Button>Cancel</Button>
        </Primitive.Cancel>
        <Button
          type="submit"
          variant={tone}
          disabled={!isReady}
          isLoading={isBusy}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
