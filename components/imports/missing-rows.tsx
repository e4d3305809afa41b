"use client";

import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";

import { Checkbox } from "@/components/ui/checkbox";
import { sampleQuery } from "@/lib/client/mirror-queries";
import { missingWords as words } from "@/lib/wording/missing-entries";

import { CellText } from "./cell-text";

const ROW_HEIGHT = 40;
const OVERSCAN = 8;
/** Samples are asked for in blocks of so many rows. */
const BLOCK = 25;

type MissingRowsProps = {
  sourceId: string;
  keys: readonly string[];
  unticked: ReadonlySet<string>;
  onTick: (key: string, isTicked: boolean) => void;
};

/** A list of any length of which only what is in sight is drawn, and only that is asked for samples. */
export function MissingRows({
  sourceId,
  keys,
  unticked,
  onTick,
}: MissingRowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  // The compiler's rule: what the hook gives must not be memoised. It is not.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => keys[index] ?? index,
  });
  const inSight = virtual.getVirtualItems();
  const blocks = [
    ...new Set(inSight.map(({ index }) => Math.floor(index / BLOCK))),
  ];
  const samples = useQueries({
    queries: blocks.map((block) =>
      sampleQuery(sourceId, keys.slice(block * BLOCK, (block + 1) * BLOCK)),
    ),
    combine: (answers) =>
      new Map(answers.flatMap(({ data }) => (data ? [...data] : []))),
  });
  return (
    <div
      ref={frame}
      role="region"
      aria-label={words.list}
      // Keyboards scroll only what can have the focus.
      tabIndex={0}
      className="relative max-h-96 overflow-y-auto rounded-control border border-border"
    >
      <ul
        aria-label={words.list}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {inSight.map(({ index, start }) => {
          const key = keys[index] ?? "";
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={keys.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 flex flex-wrap items-center gap-x-3 border-b border-border px-3 py-2"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Checkbox
                className="min-w-0"
                aria-label={words.delete(key)}
                label={<span className="font-mono break-all">{key}</span>}
                checked={!unticked.has(key)}
                onChange={({ target }) => onTick(key, target.checked)}
              />
              <span className="min-w-0 flex-1 truncate text-[0.8125rem] text-muted">
                <CellText text={samples.get(key) ?? ""} />
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
