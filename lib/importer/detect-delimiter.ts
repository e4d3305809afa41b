import { createRowParser } from "./parse-rows";

const DELIMITERS = ["\t", ";", "|", ","] as const;
const ROWS_LOOKED_AT = 300;

/**
 * The delimiter that cuts a sample into the steadiest table: parsed with each,
 * the one whose rows agree most on their number of cells. A comma inside prices
 * or texts is less steady than the delimiter of the file (parsing.md 5).
 */
export function detectDelimiter(
  sample: string,
  lineBreak: "\n" | "\r",
  isWhole: boolean,
): string {
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = steadiness(sample, delimiter, lineBreak, isWhole);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function steadiness(
  sample: string,
  delimiter: string,
  lineBreak: "\n" | "\r",
  isWhole: boolean,
): number {
  const parser = createRowParser({ delimiter, lineBreak, quotes: "standard" });
  const parsed = parser.push(sample);
  const end = isWhole || parsed.rows.length === 0 ? parser.finish() : undefined;
  const rows = [...parsed.rows, ...(end?.rows ?? [])]
    .filter((row) => row.some((cell) => cell !== ""))
    .slice(0, ROWS_LOOKED_AT);
  if (rows.length === 0) return 0;

  const counts = new Map<number, number>();
  for (const { length } of rows) {
    counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  let width = 1;
  let agreeing = 0;
  for (const [length, times] of counts) {
    if (length > 1 && times > agreeing) [width, agreeing] = [length, times];
  }
  if (width === 1) return 0;
  const share = agreeing / rows.length;
  const troubles =
    (parsed.quoteProblems + (end?.quoteProblems ?? 0)) / rows.length;
  // More columns decide only between delimiters that are about equally steady.
  return share - Math.min(troubles, 1) + Math.min(width, 100) / 2_000;
}
