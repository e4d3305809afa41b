import { describe, expect, test } from "vitest";

import { NO_CHANGES } from "@/lib/domain/entry-changes";
import type {
  ForecastRequest,
  ForecastResult,
} from "@/lib/importer/forecast-messages";

import {
  FORECAST_BATCHES_UNASKED,
  ForecastTracker,
  type ForecastSubject,
} from "./forecast-tracker";

const RESULT: ForecastResult = {
  totals: NO_CHANGES,
  counts: { created: 1, updated: 0, unchanged: 0, deleted: 0 },
  asOf: "2026-11-22T10:42:00.000Z",
};

function subject(batches: number): ForecastSubject {
  return {
    sourceId: "11111111-1111-4111-8111-111111111111",
    options: {
      ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
      quotes: "standard",
    },
    mapping: { columns: [], keySeparator: "-", repeatedKeys: "merge" },
    isNearLimit: false,
    report: { batches, needsOrder: false },
  };
}

function track() {
  const posted: ForecastRequest[] = [];
  const tracker = new ForecastTracker((request) => posted.push(request));
  const lastId = () => {
    const last = posted.findLast(({ type }) => type === "forecast");
    return last?.type === "forecast" ? last.forecastId : "";
  };
  return { tracker, posted, lastId };
}

describe("the forecast of a checked file", () => {
  test("begins by itself where it is cheap, and waits to be asked where it is not", () => {
    const { tracker, posted } = track();
    tracker.checked(subject(FORECAST_BATCHES_UNASKED));
    expect(tracker.state()).toMatchObject({ is: "running", batches: 0 });
    tracker.checked(subject(FORECAST_BATCHES_UNASKED + 1));
    expect(tracker.state()).toEqual({ is: "none" });
    tracker.start();
    expect(posted.map(({ type }) => type)).toEqual(["forecast", "forecast"]);
  });

  test("is told batch by batch, and is done with the result", () => {
    const { tracker, lastId } = track();
    tracker.checked(subject(3));
    const forecastId = lastId();
    tracker.onEvent({ type: "forecastProgress", forecastId, batches: 2 });
    expect(tracker.state()).toEqual({
      ...{ is: "running", batches: 2, batchesTotal: 3 },
    });
    tracker.onEvent({ type: "forecasted", forecastId, result: RESULT });
    expect(tracker.state()).toEqual({ is: "done", forecastId, result: RESULT });
  });

  test("hears nothing of the one before, also when its last words come late", () => {
    const { tracker, lastId } = track();
    tracker.checked(subject(3));
    const forecastId = lastId();
    tracker.cancel();
    expect(tracker.state()).toEqual({ is: "none" });
    tracker.start();
    tracker.onEvent({ type: "forecastStopped", forecastId });
    tracker.onEvent({ type: "forecasted", forecastId, result: RESULT });
    expect(tracker.state()).toMatchObject({ is: "running" });
  });

  test("is over when the worker gave way to the import", () => {
    const { tracker, lastId } = track();
    tracker.checked(subject(3));
    tracker.onEvent({ type: "forecastStopped", forecastId: lastId() });
    expect(tracker.state()).toEqual({ is: "none" });
  });

  test("answers the right page to each who asks, and none after another file", async () => {
    const { tracker, posted } = track();
    const filter = { change: null, property: null };
    const first = tracker.page(filter, 0, 10);
    const second = tracker.page(filter, 10, 10);
    const lost = tracker.page(filter, 20, 10);
    const [one, two] = posted.flatMap((request) =>
      request.type === "forecastPage" ? [request.pageId] : [],
    );
    for (const [pageId, total] of [
      [two, 2],
      [one, 1],
    ] as const) {
      tracker.onEvent({
        ...{ type: "forecastPageReady", pageId: pageId ?? 0 },
        page: { entries: [], total },
      });
    }
    tracker.forget();
    expect(await first).toMatchObject({ total: 1 });
    expect(await second).toMatchObject({ total: 2 });
    expect(await lost).toBeNull();
  });

  test("leaves other events to others", () => {
    expect(track().tracker.onEvent({ type: "stopped" })).toBe(false);
  });
});
