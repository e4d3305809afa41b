import { classNames } from "@/lib/client/class-names";

/** A stored text in a list: one line, each script in its own direction; a missing value and an empty one look different. */
export function EntryValue({
  value,
  className,
}: {
  value: string | null | undefined;
  className?: string;
}) {
  if (value === null || value === undefined) {
    return (
      <span className="text-muted">
        <span aria-hidden>–</span>
        <span className="sr-only">no value</span>
      </span>
    );
  }
  if (value === "") {
    return <span className="text-muted italic">empty text</span>;
  }
  return (
    <bdi dir="auto" title={value} className={classNames("block", className)}>
      {value}
    </bdi>
  );
}
