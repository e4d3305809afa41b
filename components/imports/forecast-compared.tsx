import { Notice } from "@/components/ui/notice";
import type { ForecastState } from "@/lib/client/forecast-tracker";
import type { ImportRun } from "@/lib/domain/import-run";
import { AS_FORECAST, differenceSentence } from "@/lib/wording/forecast";

/** After a finished import: whether it did what was forecast. Nothing where nothing was. */
export function ForecastCompared({
  run,
  forecast,
}: {
  run: ImportRun;
  forecast: ForecastState;
}) {
  if (run.status !== "finished" || forecast.is !== "done") return null;
  const { counts, totals } = forecast.result;
  const difference = differenceSentence(
    { ...counts, aside: totals.entries.aside },
    run.applied,
  );
  if (difference) return <Notice tone="warning">{difference}</Notice>;
  return <p className="text-sm text-muted">{AS_FORECAST}</p>;
}
