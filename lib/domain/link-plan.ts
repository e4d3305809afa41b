import type { LinkField, LinkRow } from "./link-row";
import {
  checkLinkText,
  filenameProblem,
  uniqueIdentifierProblem,
} from "./media-link";
import { filenameFromLink, suggestFreeIdentifier } from "./media-name";

/** The file that has an identifier already. */
export type TakenFile = { id: string; filename: string; publicUrl: string };

/** What to do about an identifier that a file has already. */
export const TAKEN_CHOICES = ["reuse", "suffix", "replace"] as const;
export type TakenChoice = (typeof TAKEN_CHOICES)[number];

/** One broken rule of one row: the rule and what to do are in `message`. */
export type LinkProblem = {
  row: number;
  field: LinkField;
  value: string;
  message: string;
};

export type LinkOutcome =
  | { is: "send" }
  /** Not sent: the file that has the identifier stays and is used. */
  | { is: "reuse"; file: TakenFile }
  /** The file that has the identifier is deleted first. */
  | { is: "replace"; file: TakenFile }
  | { is: "leftOut"; because: "asked" | "repeated" }
  | { is: "blocked" };

export type PlannedLink = LinkRow & {
  problems: LinkProblem[];
  /** Worth knowing, but no reason not to send. */
  remarks: LinkProblem[];
  /** The identifier as it was listed, where a suffix was put to it. */
  originalIdentifier: string | null;
  taken: TakenFile | null;
  outcome: LinkOutcome;
};

export type LinkPlan = {
  items: PlannedLink[];
  /** Identifiers that the server must be asked about before anything is sent. */
  unknown: string[];
};

export type LinkChoices = {
  /** For identifiers that are taken, unless a row has its own choice. */
  forAll: TakenChoice;
  ofRow: ReadonlyMap<number, TakenChoice>;
  leftOut: ReadonlySet<number>;
  /** Rows that list a link once more are sent all the same. */
  keepsRepeated: boolean;
};

/**
 * What becomes of each row: sent, answered by an existing file, left out, or
 * stopped by problems. Pure: `known` says of each identifier that was looked up
 * which file has it (`null`: none). While the plan names unknown identifiers,
 * its outcomes are not final.
 */
export function planLinks(
  rows: readonly LinkRow[],
  known: ReadonlyMap<string, TakenFile | null>,
  choices: LinkChoices,
): LinkPlan {
  const unknown = new Set<string>();
  // A row that is left out repeats nothing and blocks nobody.
  const kept = rows.filter(({ row }) => !choices.leftOut.has(row));
  const listed = firstRowOf(kept, ({ uniqueIdentifier }) => uniqueIdentifier);
  const links = firstRowOf(kept, linkWithIdentifier);
  const given = new Set(rows.map(({ uniqueIdentifier }) => uniqueIdentifier));
  const items: PlannedLink[] = [];

  /** Free in the list and, as far as is known, at the server. */
  function isFree(candidate: string): boolean {
    if (given.has(candidate)) return false;
    const file = known.get(candidate);
    if (file === undefined) unknown.add(candidate);
    return !file;
  }

  for (const row of rows) {
    const filename = row.filename || filenameFromLink(row.link);
    const item: PlannedLink = {
      ...row,
      filename,
      ...{ problems: [], remarks: [], originalIdentifier: null, taken: null },
      outcome: { is: "send" },
    };
    items.push(item);
    if (choices.leftOut.has(row.row)) {
      item.outcome = { is: "leftOut", because: "asked" };
      continue;
    }
    item.problems = findProblems(row, filename);
    const repeated = findRepeats(row, { links, listed });
    if (repeated?.isSame) {
      item.remarks = [repeated.problem];
      if (!choices.keepsRepeated) {
        item.outcome = { is: "leftOut", because: "repeated" };
        continue;
      }
    } else if (repeated) item.problems.push(repeated.problem);
    if (item.problems.length > 0) {
      item.outcome = { is: "blocked" };
      continue;
    }
    const identifier = row.uniqueIdentifier;
    if (identifier === "") continue;
    const file = known.get(identifier);
    if (file === undefined) unknown.add(identifier);
    if (!file) continue;

    item.taken = file;
    const choice = choices.ofRow.get(row.row) ?? choices.forAll;
    if (choice === "suffix") {
      item.originalIdentifier = identifier;
      item.uniqueIdentifier = suggestFreeIdentifier(identifier, isFree);
      given.add(item.uniqueIdentifier);
    } else item.outcome = { is: choice, file };
  }
  return { items, unknown: [...unknown] };
}

/** The rows to send, as `sendable` of a plan that names no unknown identifiers. */
export function sendable({ items }: LinkPlan): PlannedLink[] {
  return items.filter(
    ({ outcome }) => outcome.is === "send" || outcome.is === "replace",
  );
}

function findProblems(row: LinkRow, filename: string): LinkProblem[] {
  const { link, uniqueIdentifier } = row;
  const found: [LinkField, string, string | undefined][] = [
    ["link", link, checkLinkText(link)],
    ["filename", row.filename, filenameProblem(filename)],
    [
      "uniqueIdentifier",
      uniqueIdentifier,
      uniqueIdentifier === ""
        ? undefined
        : uniqueIdentifierProblem(uniqueIdentifier),
    ],
  ];
  return found.flatMap(([field, value, message]) =>
    message === undefined ? [] : [{ row: row.row, field, value, message }],
  );
}

type FirstRows = {
  links: ReadonlyMap<string, number>;
  listed: ReadonlyMap<string, number>;
};

/**
 * The row before this one that names the same link for the same identifier
 * (one of them is too much), or another link for the same identifier (a
 * mistake: only one file can have it).
 */
function findRepeats(
  row: LinkRow,
  { links, listed }: FirstRows,
): { isSame: boolean; problem: LinkProblem } | undefined {
  const same = links.get(linkWithIdentifier(row));
  if (row.link !== "" && same !== undefined && same !== row.row) {
    return {
      isSame: true,
      problem: {
        ...{ row: row.row, field: "link", value: row.link },
        message: `Row ${same} has the same link already.`,
      },
    };
  }
  const identifier = row.uniqueIdentifier;
  const first = identifier === "" ? undefined : listed.get(identifier);
  if (first === undefined || first === row.row) return undefined;
  return {
    isSame: false,
    problem: {
      ...{ row: row.row, field: "uniqueIdentifier", value: identifier },
      message: `Row ${first} has the same unique identifier, and only one file can have it. Change one of the two, or leave this row out.`,
    },
  };
}

function linkWithIdentifier({ link, uniqueIdentifier }: LinkRow): string {
  return link === "" ? "" : `${link}\n${uniqueIdentifier}`;
}

/** Each text with the number of the row that has it first; the empty text is none. */
function firstRowOf(
  rows: readonly LinkRow[],
  textOf: (row: LinkRow) => string,
): Map<string, number> {
  const first = new Map<string, number>();
  for (const row of rows) {
    const text = textOf(row);
    if (text !== "" && !first.has(text)) first.set(text, row.row);
  }
  return first;
}
