import { z } from "zod";

import { MEDIA_LIMITS } from "./limits";
import {
  checkLinkText,
  filenameProblem,
  uniqueIdentifierProblem,
} from "./media-link";
import { findMember, isObject, kindOf } from "./wire-members";
import { createProblemList, type ProblemList } from "./wire-problems";

const {
  linksPerRequestMax,
  identifiersPerRequestMax,
  linkCharsMax,
  filenameCharsMax,
  uniqueIdentifierCharsMax,
} = MEDIA_LIMITS;

/** One item of `PUT /media/uploads/links`, once its member names are folded. */
export const linkItemSchema = z.object({
  link: z
    .string()
    .max(linkCharsMax)
    .check(ruledBy(checkLinkText))
    .meta({ description: "Where the file is fetched from: http or https." }),
  filename: z
    .string()
    .min(1)
    .max(filenameCharsMax)
    .check(ruledBy(filenameProblem))
    .meta({ description: "The name the file is given, such as chair.jpg." }),
  uniqueIdentifier: z
    .string()
    .max(uniqueIdentifierCharsMax)
    // Empty is how some clients say none, as with the language of a property.
    .check(
      ruledBy((text) =>
        text === "" ? undefined : uniqueIdentifierProblem(text),
      ),
    )
    .nullish()
    .meta({
      description:
        "Your own name for the file. While a file has it, no other can get it. Missing, null and empty all mean none.",
    }),
});

/** The body of `PUT /media/uploads/links` (contract 1.3). */
export const linksBodySchema = z.object({
  links: z.array(linkItemSchema).min(1).max(linksPerRequestMax),
});

/** The body of `POST /media/files/batch` (contract 1.9). */
export const identifiersBodySchema = z.object({
  uniqueIdentifiers: z
    .array(z.string().meta({ description: "A unique identifier." }))
    .min(1)
    .max(identifiersPerRequestMax),
});

/** A link that is to be fetched. */
export type LinkItem = {
  link: string;
  filename: string;
  uniqueIdentifier: string | null;
};

/**
 * Reads the body of `PUT /media/uploads/links`. Member names count in any case;
 * unknown ones are ignored. The order stays.
 *
 * @throws {RefusedBodyError} when any item breaks a rule, with one problem a
 *   broken rule; nothing of the request may be taken then.
 */
export function readLinksBody(body: unknown): LinkItem[] {
  const problems = createProblemList("links");
  const items = readList(body, "links", linksPerRequestMax, problems);
  const links = items.map((item, index) =>
    isObject(item) ? foldItem(item, index, problems) : item,
  );
  const read = parseBody(linksBodySchema, { links }, problems);
  return read.links.map(({ link, filename, uniqueIdentifier }) => ({
    link,
    filename,
    uniqueIdentifier: uniqueIdentifier || null,
  }));
}

/**
 * Reads the body of `POST /media/files/batch`: the identifiers as they were
 * sent, each once. One that no file can have is no mistake: it is not found.
 *
 * @throws {RefusedBodyError} when there are none, more than 50, or one is no text.
 */
export function readIdentifiersBody(body: unknown): string[] {
  const problems = createProblemList("uniqueIdentifiers");
  const uniqueIdentifiers = readList(
    body,
    "uniqueIdentifiers",
    identifiersPerRequestMax,
    problems,
  );
  const read = parseBody(
    identifiersBodySchema,
    { uniqueIdentifiers },
    problems,
  );
  return [...new Set(read.uniqueIdentifiers)];
}

/** The array of a body; with problems, and empty, when there is none of 1 to `itemsMax`. */
function readList(
  body: unknown,
  name: string,
  itemsMax: number,
  problems: ProblemList,
): unknown[] {
  const remedy = `Send an array named ${name} with 1 to ${itemsMax} items.`;
  if (!isObject(body)) {
    problems.add(
      "",
      `The body must be a JSON object such as {"${name}": []}. Send one.`,
    );
  } else {
    const items = findMember(body, name.toLowerCase(), problems);
    if (!Array.isArray(items)) {
      const isMissing = items === undefined || items === null;
      problems.add(
        name,
        `${name} ${isMissing ? "is missing" : `is ${kindOf(items)}`}. ${remedy}`,
      );
    } else if (items.length === 0) {
      problems.add(name, `${name} is empty. ${remedy}`);
    } else if (items.length > itemsMax) {
      problems.add(
        name,
        `${name} has ${items.length} items, more than ${itemsMax}. Send them in several requests.`,
      );
    } else return items as unknown[];
  }
  problems.throwIfAny();
  return [];
}

function foldItem(
  item: Record<string, unknown>,
  index: number,
  problems: ProblemList,
): Record<string, unknown> {
  const path = `links[${index}]`;
  const find = (name: string) => findMember(item, name, problems, path);
  return {
    link: find("link"),
    filename: find("filename"),
    uniqueIdentifier: find("uniqueidentifier"),
  };
}

function parseBody<S extends z.ZodType>(
  schema: S,
  value: unknown,
  problems: ProblemList,
): z.output<S> {
  const parsed = schema.safeParse(value);
  const issues = parsed.error?.issues ?? [];
  const named = new Set<string>();
  for (const issue of issues) {
    const path = placeOf(issue.path);
    // The rule that is told in a sentence stands for the others of its place.
    if (named.has(path)) continue;
    named.add(path);
    problems.add(path, explain(path, valueAt(value, issue.path), issues));
  }
  problems.throwIfAny();
  if (!parsed.success) throw new RangeError("An issue without a problem.");
  return parsed.data;
}

/** `links[3].filename`. */
function placeOf(path: PropertyKey[]): string {
  return path.reduce<string>(
    (place, part) =>
      typeof part === "number"
        ? `${place}[${part}]`
        : `${place}${place && "."}${String(part)}`,
    "",
  );
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce(
    (at: unknown, part) => (at as Record<PropertyKey, unknown>)[part],
    value,
  );
}

function explain(
  path: string,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): string {
  const isItem = /^links\[\d+\]$/.test(path);
  if (value === undefined || value === null) {
    if (!isItem) return `${path} is missing. Send a text.`;
  }
  if (isItem || typeof value !== "string")
    return `${path} is ${kindOf(value)}. ${isItem ? "Send an object with link and filename." : "Send a text."}`;
  const told = issues.find(
    (issue) => issue.code === "custom" && placeOf(issue.path) === path,
  );
  return `${path} breaks a rule. ${told?.message ?? "Check its length."}`;
}

/** A check whose sentence is the issue's message. */
function ruledBy(problemOf: (text: string) => string | undefined) {
  return (payload: z.core.ParsePayload<string>): void => {
    const message = problemOf(payload.value);
    if (message === undefined) return;
    payload.issues.push({ code: "custom", message, input: payload.value });
  };
}
