import type { ChangeTotals } from "@/lib/domain/entry-changes";
import type { DiffFilter, DiffPage } from "@/lib/domain/entry-diff";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { MergeCounts } from "@/lib/domain/merge";

/** What a whole file would change. */
export type ForecastResult = {
  totals: ChangeTotals;
  /** What the receipts of the import will sum up to: an entry in two batches counts twice. */
  counts: MergeCounts;
  /** When the source was looked at first, by the server's clock. */
  asOf: string;
};

/**
 * Page to worker. A forecast runs beside other work: reading rows or saving
 * the rejected ones leaves it alone; opening, checking and sending end it.
 */
export type ForecastRequest =
  | {
      type: "forecast";
      sourceId: string;
      forecastId: string;
      options: TableOptions;
      mapping: ColumnMapping;
      /** From the check: whether a key stands in two batches. */
      needsOrder: boolean;
      /** The file may bring the source to its limit of properties; then it needs order too. */
      isNearLimit: boolean;
    }
  | { type: "stopForecast" }
  | {
      type: "forecastPage";
      pageId: number;
      filter: DiffFilter;
      from: number;
      count: number;
    };

/** Worker to page. */
export type ForecastEvent =
  | { type: "forecastProgress"; forecastId: string; batches: number }
  | { type: "forecasted"; forecastId: string; result: ForecastResult }
  /** `null`: the browser has lost what was put away. */
  | { type: "forecastPageReady"; pageId: number; page: DiffPage | null }
  | { type: "forecastStopped"; forecastId: string }
  | { type: "forecastFailed"; forecastId: string; message: string };
