import type { CheckedFile, OpenedFile } from "@/lib/client/import-session";
import type { TableOptions } from "@/lib/domain/import-run";
import { isPlainText } from "@/lib/domain/table-parts";
import { headersAfter } from "@/lib/domain/table-steps";
import { strayQuotesSentence } from "@/lib/wording/stray-quotes";
import { FILE_STEP_WORDS } from "@/lib/wording/import-file";

import { QuoteNotice } from "./quote-notice";

type CheckQuotesProps = {
  opened: OpenedFile;
  checked: CheckedFile;
  onOptions: (options: Partial<TableOptions>) => void;
};

/** What the whole file told of quotes and of rows that ran into each other. */
export function CheckQuotes({ opened, checked, onOptions }: CheckQuotesProps) {
  const { options, headers } = opened.preview;
  if (!isPlainText(options.parts)) return null;
  const { quoteProblems, report, insights } = checked;
  return (
    <QuoteNotice
      sentence={
        quoteProblems > 0
          ? strayQuotesSentence(quoteProblems, FILE_STEP_WORDS.quotesIn.file)
          : null
      }
      lines={{
        breaks: insights.lineBreaks,
        rows: report.rowsRead,
        headers: headersAfter(opened.mapping.steps, headers),
      }}
      options={options}
      onOptions={onOptions}
    />
  );
}
