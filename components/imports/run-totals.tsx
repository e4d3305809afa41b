import { formatNumber } from "@/lib/client/format-number";
import type { ChainTotals, RunTotals as Totals } from "@/lib/domain/run-totals";
import { RECEIPTS, sumSentence, TOTAL_NAMES } from "@/lib/wording/receipts";

/** Where the rows of a file went: the rows read, and the parts they are the sum of. */
export function RunTotals({
  totals,
  title = RECEIPTS.totals,
}: {
  totals: Totals | ChainTotals;
  title?: string;
}) {
  const added = "added" in totals ? totals.added : 0;
  return (
    <table aria-label={title} className="w-full max-w-md text-left text-sm">
      <caption className="pb-1.5 text-left text-[0.8125rem] text-muted">
        {title}
      </caption>
      <tbody>
        <Line name={RECEIPTS.read} count={totals.read} isStrong />
        {added > 0 && <Line name={RECEIPTS.added} count={added} isStrong />}
        {TOTAL_NAMES.filter(
          ([part]) =>
            totals[part] > 0 || part === "sent" || part === "rejected",
        ).map(([part, name]) => (
          <Line key={part} name={name} count={totals[part]} />
        ))}
      </tbody>
      <tfoot>
        <tr className="text-muted">
          <th scope="row" className="pt-1.5 pr-4 text-[0.8125rem] font-normal">
            {RECEIPTS.together}
          </th>
          <td className="pt-1.5 text-right text-[0.8125rem] tabular-nums">
            {sumSentence(totals)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Line({
  name,
  count,
  isStrong = false,
}: {
  name: string;
  count: number;
  isStrong?: boolean;
}) {
  return (
    <tr className={isStrong ? "font-semibold" : undefined}>
      <th
        scope="row"
        className={`border-b border-border py-1.5 pr-4 ${isStrong ? "font-semibold" : "font-normal"}`}
      >
        {name}
      </th>
      <td className="border-b border-border py-1.5 text-right tabular-nums">
        {formatNumber(count)}
      </td>
    </tr>
  );
}
