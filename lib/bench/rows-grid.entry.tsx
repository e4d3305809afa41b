import { useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

import { RowGrid, type GridColumn } from "@/components/imports/row-grid";
import { RowsClient } from "@/lib/client/rows-client";
import { RowsModel } from "@/lib/client/rows-model";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { RowEvent } from "@/lib/importer/row-messages";

const COLUMNS = 20;
const OPTIONS: TableOptions = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1, quotes: "standard" },
};
const MAPPING: ColumnMapping = {
  columns: Array.from({ length: COLUMNS }, (_, column) =>
    column === 0
      ? { as: "key", property: null }
      : {
          ...{ as: "property", id: `p${column}`, language: "" },
          emptyCell: "skip",
        },
  ),
  ...{ keySeparator: "-", repeatedKeys: "merge" },
};

const worker = new Worker("/worker.js", { type: "module" });
const client = new RowsClient((request) => worker.postMessage(request));
const rows = new RowsModel(client);
let onReadAll: (ms: number) => void = () => undefined;
worker.onmessage = ({
  data,
}: MessageEvent<RowEvent | { type: "readAll"; ms: number }>) => {
  if (data.type === "readAll") onReadAll(data.ms);
  else client.onEvent(data);
};

function Bench() {
  const state = useSyncExternalStore(rows.subscribe, rows.state, rows.state);
  const [active, onActive] = useState({ position: 0, column: 0 });
  if (state.at !== "ready") return <p>{state.message}</p>;
  return (
    <RowGrid
      {...{ rows, active, onActive, columns: COLUMN_NAMES }}
      count={state.rows}
      version={state.version}
      onEdit={() => undefined}
      onUndo={() => undefined}
      onRedo={() => undefined}
      menuFor={() => null}
    />
  );
}

const COLUMN_NAMES: GridColumn[] = MAPPING.columns.map((_, column) => ({
  ...{ name: `p${column}`, use: `p${column}`, isAdded: false },
}));
const container = document.querySelector("main");
if (container) createRoot(container).render(<Bench />);

/** Called by lib/bench/rows-grid.ts. */
const bench = {
  async open(): Promise<{ ms: number; readAllMs: number; rows: number }> {
    const file = document.querySelector("input")?.files?.[0];
    worker.postMessage({ type: "file", file });
    const readAllMs = await new Promise<number>((resolve) => {
      onReadAll = resolve;
      worker.postMessage({ type: "readAll" });
    });
    const started = performance.now();
    await rows.open(OPTIONS, MAPPING, { is: "all" });
    const ms = performance.now() - started;
    return { ms, readAllMs, rows: rows.state().rows };
  },
  /** How long a look through the whole file takes. */
  async look(): Promise<{ ms: number; rows: number }> {
    const started = performance.now();
    await rows.show({ is: "value", column: 7, value: "true" });
    const ms = performance.now() - started;
    const found = rows.state().rows;
    await rows.show({ is: "all" });
    return { ms, rows: found };
  },
  frames,
  jumps,
};
export type RowsBench = typeof bench;
Object.assign(globalThis, { bench });

/** Lengths of all frames while something moves the grid once a frame. */
async function frames(
  kind: "smooth" | "drag" | "keys",
  count: number,
): Promise<number[]> {
  const grid = gridOf();
  const lengths: number[] = [];
  grid.focus();
  let last = await nextFrame();
  for (let i = 0; i < count; i++) {
    if (kind === "smooth") grid.scrollBy({ top: 40 });
    else if (kind === "drag") {
      const share = (i / count + Math.random() * 0.02) % 1;
      grid.scrollTo({ top: share * grid.scrollHeight });
    } else {
      grid.dispatchEvent(
        new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }),
      );
    }
    const now = await nextFrame();
    lengths.push(now - last);
    last = now;
  }
  return lengths;
}

/** From a jump to a random place until the rows there are on screen. */
async function jumps(count: number): Promise<number[]> {
  const grid = gridOf();
  const lengths: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    grid.scrollTo({ top: Math.random() * grid.scrollHeight });
    for (;;) {
      await nextFrame();
      const heads = [...grid.querySelectorAll("[role=rowheader]")];
      if (heads.every(({ textContent }) => textContent !== "…")) break;
    }
    lengths.push(performance.now() - started);
  }
  return lengths;
}

function gridOf(): HTMLElement {
  const grid = document.querySelector<HTMLElement>("[role=grid]");
  if (!grid) throw new Error("There is no grid yet.");
  return grid;
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
