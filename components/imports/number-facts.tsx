import { formatNumber } from "@/lib/client/format-number";

export type NumberFact = [name: string, value: number, isShown: boolean];

/** Counts side by side, each above its name. */
export function NumberFacts({ facts }: { facts: readonly NumberFact[] }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4">
      {facts
        .filter(([, , isShown]) => isShown)
        .map(([name, value]) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-[0.8125rem] text-muted">{name}</dt>
            <dd className="text-xl font-semibold tabular-nums">
              {formatNumber(value)}
            </dd>
          </div>
        ))}
    </dl>
  );
}
