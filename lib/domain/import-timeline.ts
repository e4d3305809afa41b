import type { LoggedImport } from "./import-log";
import type { RunSummary } from "./import-run";

/** One import of a source: of a spreadsheet through the Studio, or pushed by a provider. */
export type TimelineItem =
  | { kind: "run"; at: string; run: RunSummary }
  | { kind: "push"; at: string; push: LoggedImport };

/**
 * Both kinds of import in one list, newest first. Each feed comes in pages: an
 * item older than what a feed with further pages has shown so far is held back,
 * as something between may still come.
 */
export function mergeTimeline(feeds: {
  runs: RunSummary[];
  hasMoreRuns: boolean;
  pushes: LoggedImport[];
  hasMorePushes: boolean;
}): TimelineItem[] {
  const runs = feeds.runs.map((run): TimelineItem => {
    return { kind: "run", at: run.startedAt, run };
  });
  const pushes = feeds.pushes.map((push): TimelineItem => {
    return { kind: "push", at: push.at, push };
  });
  const horizons = [
    feeds.hasMoreRuns ? runs.at(-1) : undefined,
    feeds.hasMorePushes ? pushes.at(-1) : undefined,
  ].map((item) => (item ? Date.parse(item.at) : -Infinity));
  const oldest = Math.max(...horizons);
  return [...runs, ...pushes]
    .filter((item) => Date.parse(item.at) >= oldest)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
