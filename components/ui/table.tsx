import type { ComponentProps } from "react";

import { classNames } from "@/lib/client/class-names";

type TableProps = ComponentProps<"table"> & {
  /** What the table lists, for screen readers. */
  label: string;
  /** Classes of the scrolling frame, such as a largest height: the header then stays in sight. */
  frameClassName?: string;
  /** Without an own frame, inside a card. */
  isPlain?: boolean;
};

/** A table in a frame that scrolls sideways on narrow screens. */
export function Table({
  label,
  frameClassName,
  isPlain = false,
  className,
  ...rest
}: TableProps) {
  return (
    <div
      role="region"
      aria-label={label}
      // Keyboards scroll only what can have the focus.
      tabIndex={0}
      className={classNames(
        "relative min-w-0 overflow-auto",
        !isPlain && "rounded-card border border-border bg-surface shadow-card",
        frameClassName,
      )}
    >
      <table
        aria-label={label}
        {...rest}
        className={classNames(
          "w-full border-separate border-spacing-0 text-left text-sm",
          className,
        )}
      />
    </div>
  );
}

export function TableHead(props: ComponentProps<"thead">) {
  return <thead {...props} />;
}

export function TableBody({ className, ...rest }: ComponentProps<"tbody">) {
  return (
    <tbody
      {...rest}
      className={classNames("[&>tr:last-child>*]:border-b-0", className)}
    />
  );
}

export function TableRow({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...rest}
      className={classNames(
        "[tbody>&]:hover:bg-sunken/60 [tbody>&]:focus-within:bg-sunken/60",
        className,
      )}
    />
  );
}

export function TableHeader({
  isNumeric = false,
  className,
  scope = "col",
  ...rest
}: ComponentProps<"th"> & { isNumeric?: boolean }) {
  return (
    <th
      {...rest}
      scope={scope}
      className={classNames(
        scope === "col"
          ? "sticky top-0 z-10 border-b border-border bg-sunken px-4 py-2 text-xs font-medium whitespace-nowrap text-muted"
          : "border-b border-border px-4 py-2.5 font-medium",
        isNumeric && "text-right",
        className,
      )}
    />
  );
}

export function TableCell({
  isNumeric = false,
  className,
  ...rest
}: ComponentProps<"td"> & { isNumeric?: boolean }) {
  return (
    <td
      {...rest}
      className={classNames(
        "border-b border-border px-4 py-2.5 align-middle",
        isNumeric && "text-right whitespace-nowrap tabular-nums",
        className,
      )}
    />
  );
}
