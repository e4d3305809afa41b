"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type ReactNode } from "react";

const OVERSCAN = 8;

type VirtualListProps<Item> = {
  /** What it lists, for screen readers. */
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string | number;
  /** About how high a row is, in pixels. */
  rowHeight: number;
  children: (item: Item) => ReactNode;
};

/** A list of any length of which only what is in sight is drawn. */
export function VirtualList<Item>({
  label,
  items,
  keyOf,
  rowHeight,
  children,
}: VirtualListProps<Item>) {
  const frame = useRef<HTMLDivElement>(null);
  // The compiler's rule: what the hook gives must not be memoised. It is not.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  return (
    <div
      ref={frame}
      role="region"
      aria-label={label}
      // Keyboards scroll only what can have the focus.
      tabIndex={0}
      className="max-h-[max(24rem,62dvh)] overflow-y-auto rounded-card border border-border bg-surface shadow-card"
    >
      <ul
        aria-label={label}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0 border-b border-border last:border-b-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(item)}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
