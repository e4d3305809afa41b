import type { ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";

/** Facts as pairs of name and value. */
export function DescriptionList({
  facts,
  className,
}: {
  facts: readonly { name: string; value: ReactNode }[];
  className?: string;
}) {
  return (
    <dl
      className={classNames(
        "grid grid-cols-1 gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-4",
        className,
      )}
    >
      {facts.map(({ name, value }) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs font-medium text-muted">{name}</dt>
          <dd className="mt-0.5 text-sm break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
