import type { MediaUse } from "./mapping";
import { checkLinkText } from "./media-link";

/** Links of one cell; more are a wrongly chosen separator. */
const LINKS_PER_CELL_MAX = 200;

/** The links of a cell in their order, without the blanks around them. */
export function cellLinks(cell: string, { separator }: MediaUse): string[] {
  const parts = separator === "" ? [cell] : cell.split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Why a filled cell is no list of links, as a sentence; undefined when it is one. */
export function linkProblem(cell: string, use: MediaUse): string | undefined {
  const links = cellLinks(cell, use);
  if (links.length === 0) return "The cell holds no link.";
  if (links.length > LINKS_PER_CELL_MAX) {
    return `The cell holds more than ${LINKS_PER_CELL_MAX} links.`;
  }
  for (const link of links) {
    const problem = checkLinkText(link);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
