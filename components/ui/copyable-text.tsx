import { CopyButton } from "./copy-button";

/** A value to take away as it is: an id, a secret, an address. */
export function CopyableText({
  text,
  label,
}: {
  text: string;
  /** What it is, such as "provider id". */
  label: string;
}) {
  return (
    <span className="flex min-w-0 items-center gap-1 rounded-control border border-border bg-sunken py-0.5 pr-1 pl-3">
      <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all select-all">
        {text}
      </code>
      <CopyButton text={text} label={label} isIconOnly variant="ghost" />
    </span>
  );
}
