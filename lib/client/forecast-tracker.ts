import type { DiffFilter, DiffPage } from "@/lib/domain/entry-diff";
import type { CheckReport, TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type {
  ForecastEvent,
  ForecastRequest,
  ForecastResult,
} from "@/lib/importer/forecast-messages";
import type { WorkerEvent } from "@/lib/importer/messages";

import { makeUuid } from "./random-id";

/** Files of up to so many batches (of 1,000 entries) are forecast without being asked. */
export const FORECAST_BATCHES_UNASKED = 20;

export type ForecastState =
  | { is: "none" }
  | { is: "running"; batches: number; batchesTotal: number }
  | { is: "done"; forecastId: string; result: ForecastResult }
  | { is: "failed"; message: string };

/** What is forecast: a checked file as it would be sent. */
export type ForecastSubject = {
  sourceId: string;
  options: TableOptions;
  mapping: ColumnMapping;
  /** The file may bring the source to its limit of properties. */
  isNearLimit: boolean;
  report: Pick<CheckReport, "batches" | "needsOrder">;
};

const NONE: ForecastState = { is: "none" };

/** Follows the forecast of the checked file; talks to the worker. Knows no component. */
export class ForecastTracker {
  private readonly listeners = new Set<() => void>();
  private readonly pages = new Map<number, (page: DiffPage | null) => void>();
  private current: ForecastState = NONE;
  private subject: ForecastSubject | undefined;
  private forecastId = "";
  private pagesAsked = 0;

  constructor(private readonly post: (request: ForecastRequest) => void) {}

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  };

  readonly state = (): ForecastState => this.current;

  /** A file was checked: begins by itself where that is cheap. */
  checked(subject: ForecastSubject): void {
    this.subject = subject;
    this.change(NONE);
    const { batches } = subject.report;
    if (batches > 0 && batches <= FORECAST_BATCHES_UNASKED) this.start();
  }

  readonly start = (): void => {
    if (!this.subject) return;
    const { report, ...subject } = this.subject;
    this.forecastId = makeUuid();
    this.change({ is: "running", batches: 0, batchesTotal: report.batches });
    this.post({
      ...{ type: "forecast", ...subject, forecastId: this.forecastId },
      needsOrder: report.needsOrder,
    });
  };

  readonly cancel = (): void => {
    if (this.current.is !== "running") return;
    this.post({ type: "stopForecast" });
    this.change(NONE);
  };

  /** Some of the entries and what becomes of them; `null` when they are lost. */
  readonly page = (
    filter: DiffFilter,
    from: number,
    count: number,
  ): Promise<DiffPage | null> => {
    this.pagesAsked += 1;
    const pageId = this.pagesAsked;
    return new Promise((resolve) => {
      this.pages.set(pageId, resolve);
      this.post({ type: "forecastPage", pageId, filter, from, count });
    });
  };

  /** Another file or another mapping: what was forecast is about something else. */
  forget(): void {
    this.subject = undefined;
    for (const resolve of this.pages.values()) resolve(null);
    this.pages.clear();
    this.change(NONE);
  }

  /** True when the event was for a forecast. */
  onEvent(event: WorkerEvent): boolean {
    switch (event.type) {
      case "forecastPageReady":
        this.pages.get(event.pageId)?.(event.page);
        this.pages.delete(event.pageId);
        return true;
      case "forecastProgress":
      case "forecasted":
      case "forecastStopped":
      case "forecastFailed":
        this.follow(event);
        return true;
      default:
        return false;
    }
  }

  private follow(event: Exclude<ForecastEvent, { page: unknown }>): void {
    const { current } = this;
    if (current.is !== "running" || event.forecastId !== this.forecastId) {
      return;
    }
    switch (event.type) {
      case "forecastProgress":
        return this.change({ ...current, batches: event.batches });
      case "forecasted": {
        const { forecastId, result } = event;
        return this.change({ is: "done", forecastId, result });
      }
      case "forecastStopped":
        return this.change(NONE);
      case "forecastFailed":
        return this.change({ is: "failed", message: event.message });
    }
  }

  private change(state: ForecastState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
