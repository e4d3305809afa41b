import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { TableOptions } from "@/lib/domain/import-run";
import { strayQuotesSentence } from "@/lib/importer/stray-quotes";
import { FILES } from "@/lib/wording/files";

type QuoteNoticeProps = {
  /** Quotes in the first rows that do not open or close a cell properly. */
  count: number;
  options: TableOptions;
  onOptions: (options: Partial<TableOptions>) => void;
};

/** Stray quotes let rows run into each other; one click reads them as text. */
export function QuoteNotice({ count, options, onOptions }: QuoteNoticeProps) {
  if (count === 0) return null;
  return (
    <Notice
      tone="warning"
      actions={
        <Button size="sm" onClick={() => onOptions(quotesAsText(options))}>
          {FILES.quotes.use}
        </Button>
      }
    >
      {strayQuotesSentence(count, "in the first rows")} {FILES.quotes.hint}
    </Notice>
  );
}

/** The same options, but with quotes as ordinary text in every text that is read. */
export function quotesAsText({ parts }: TableOptions): Partial<TableOptions> {
  if (!parts) return { quotes: "text" };
  return {
    quotes: "text",
    parts: parts.map((part) =>
      part.sheet === null ? { ...part, quotes: "text" } : part,
    ),
  };
}
