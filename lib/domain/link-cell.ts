import { LINK_SEPARATORS, type LinkSeparator, type MediaUse } from "./mapping";
import { IDENTIFIER_LIMITS } from "./limits";
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

const LINK_START = /^ *https?:\/\/[^ ]/i;

/**
 * How a column can be sent as media files, when its sample cells are all links;
 * `undefined` otherwise. Ids of files are kept beside the addresses.
 */
export function suggestMediaUse(
  propertyId: string,
  samples: readonly string[],
): MediaUse | undefined {
  const cells = samples.filter((cell) => cell.trim() !== "");
  const separator = LINK_SEPARATORS.find((each) =>
    cells.some((cell) => isList(cell, each)),
  );
  const own: LinkSeparator = separator ?? "";
  const areLinks = cells.every((cell) =>
    cellLinks(cell, { idProperty: null, separator: own }).every((link) =>
      LINK_START.test(link),
    ),
  );
  if (cells.length === 0 || !areLinks) return undefined;
  const stem = propertyId.slice(0, IDENTIFIER_LIMITS.propertyIdCharsMax - 8);
  return { idProperty: `${stem}_file_id`, separator: own };
}

/** Whether the cell is several links with this between them: an address may hold any of the separators itself. */
function isList(cell: string, separator: LinkSeparator): boolean {
  if (separator === "") return false;
  const links = cellLinks(cell, { idProperty: null, separator });
  return links.length > 1 && links.every((link) => LINK_START.test(link));
}
