import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { TableOptions } from "@/lib/domain/import-run";
import type { CellLineBreaks } from "@/lib/importer/collect-line-breaks";
import { FILES, swallowedRows } from "@/lib/wording/files";

type QuoteNoticeProps = {
  /** What to tell about quotes; `null` when none are stray. */
  sentence: string | null;
  /** Known after the whole file was read. */
  lines?: { breaks: CellLineBreaks; rows: number; headers: readonly string[] };
  options: TableOptions;
  onOptions: (options: Partial<TableOptions>) => void;
};

/** Stray quotes let rows run into each other; one click reads them as text. */
export function QuoteNotice({
  sentence,
  lines,
  options,
  onOptions,
}: QuoteNoticeProps) {
  const isText = options.parts
    ? options.parts.every(({ sheet, quotes }) => sheet ?? quotes === "text")
    : options.quotes === "text";
  const swallowed = lines && lines.breaks.longCells > 0 && !isText;
  if (isText || (!sentence && !swallowed)) return null;
  return (
    <Notice
      tone="warning"
      actions={
        <Button size="sm" onClick={() => onOptions(quotesAsText(options))}>
          {FILES.quotes.use}
        </Button>
      }
    >
      {sentence} {swallowed && swallowedRows(lines)} {FILES.quotes.hint}
    </Notice>
  );
}

/** The same options, but with quotes as ordinary text in every text that is read. */
function quotesAsText({ parts }: TableOptions): Partial<TableOptions> {
  if (!parts) return { quotes: "text" };
  return {
    quotes: "text",
    parts: parts.map((part) =>
      part.sheet === null ? { ...part, quotes: "text" } : part,
    ),
  };
}
