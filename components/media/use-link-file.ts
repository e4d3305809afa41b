"use client";

import { useEffect, useRef, useState } from "react";

import {
  startImportWorker,
  type ImportWorker,
} from "@/lib/client/import-worker";
import type { TableOptions } from "@/lib/domain/import-run";
import type { LinkColumns, LinkRow } from "@/lib/domain/link-row";
import type { TablePreview, WorkerEvent } from "@/lib/importer/messages";

export type LinkFile =
  | { at: "none" }
  | { at: "reading"; file: File; preview: TablePreview | null }
  | { at: "opened"; file: File; preview: TablePreview }
  | { at: "failed"; file: File; message: string };

/** Reads one spreadsheet of links in the import worker: first a look at its columns, then all its rows. */
export function useLinkFile(onRows: (rows: LinkRow[]) => void) {
  const [state, setState] = useState<LinkFile>({ at: "none" });
  const worker = useRef<ImportWorker>(undefined);
  const take = useRef(onRows);
  useEffect(() => {
    take.current = onRows;
  });
  useEffect(() => () => worker.current?.terminate(), []);

  function listen(event: WorkerEvent): void {
    if (event.type === "linksRead") take.current(event.rows);
    setState((now) => {
      if (now.at === "none") return now;
      const { file } = now;
      if (event.type === "opened") {
        return { at: "opened", file, preview: event.preview };
      }
      if (event.type === "linksRead" && now.at === "reading" && now.preview) {
        return { at: "opened", file, preview: now.preview };
      }
      return event.type === "failed"
        ? { at: "failed", file, message: event.message }
        : now;
    });
  }

  function open(file: File, options: Partial<TableOptions> = {}): void {
    // One that was ended because it did not answer takes no other file.
    worker.current?.terminate();
    worker.current = startImportWorker(listen);
    setState((now) => ({
      ...{ at: "reading", file },
      preview: now.at === "opened" && now.file === file ? now.preview : null,
    }));
    worker.current.post({ type: "open", files: [file], options });
  }

  return {
    state,
    open: (file: File) => open(file),
    /** Reads the open file again in another way. */
    reread: (options: Partial<TableOptions>) => {
      if (state.at !== "opened") return;
      open(state.file, { ...state.preview.options, ...options });
    },
    readRows: (columns: LinkColumns) => {
      if (state.at !== "opened") return;
      const { options } = state.preview;
      setState({ ...state, at: "reading" });
      worker.current?.post({ type: "readLinks", options, columns });
    },
    close: () => {
      worker.current?.terminate();
      worker.current = undefined;
      setState({ at: "none" });
    },
  };
}
