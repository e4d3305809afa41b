"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

import type { OpenedFile } from "@/lib/client/import-session";
import type { RowsClient } from "@/lib/client/rows-client";
import { RowsModel, type RowsState } from "@/lib/client/rows-model";
import type { RowView } from "@/lib/importer/row-messages";

/** The rows of the open file, with the steps of its mapping done. */
export function useRows(
  client: RowsClient,
  { preview: { options }, mapping }: OpenedFile,
  firstView: RowView,
): { rows: RowsModel; state: RowsState } {
  const [rows] = useState(() => new RowsModel(client));
  const [start] = useState({ options, mapping, firstView });
  const state = useSyncExternalStore(rows.subscribe, rows.state, rows.state);

  useEffect(() => {
    void rows.open(start.options, start.mapping, start.firstView);
    return rows.close;
  }, [rows, start]);
  useEffect(() => {
    void rows.change(mapping);
  }, [rows, mapping]);
  return { rows, state };
}
