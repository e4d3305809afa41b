import { AppError } from "./errors";
import { ACCEPT_LIMITS } from "./limits";

const QUOTED_CHARS_MAX = 60;
const MESSAGE_CHARS_MAX = 2_000;

/** One item of `errors` in a refusal, before it is put into the envelope. */
export type BodyProblem = {
  /** The top-level member that is concerned, or `body`. */
  propertyName: string;
  message: string;
  /** Where, such as `entities[7].properties[2].id`; several when one rule lists its places. */
  paths: string[];
};

/** A request body that broke a rule. Carries every problem that is answered. */
export class RefusedBodyError extends AppError {
  constructor(readonly problems: BodyProblem[]) {
    super("invalid_input", "Invalid request");
    this.name = "RefusedBodyError";
  }
}

export type ProblemList = {
  readonly count: number;
  add(path: string, message: string): void;
  /** The rule whose wording is published (contract 1.2): one problem lists all its keys. */
  addRestrictedKey(path: string, key: string): void;
  throwIfAny(): void;
};

/** Collects problems of one body: at most 100 are kept, all are counted. */
export function createProblemList(propertyName: string): ProblemList {
  const max = ACCEPT_LIMITS.errorsListedMax;
  const problems: BodyProblem[] = [];
  const restricted = { keys: [] as string[], paths: [] as string[], count: 0 };
  let count = 0;

  return {
    get count() {
      return count;
    },
    add(path, message) {
      count += 1;
      if (problems.length >= max) return;
      problems.push({ propertyName, message, paths: path ? [path] : [] });
    },
    addRestrictedKey(path, key) {
      count += 1;
      restricted.count += 1;
      if (restricted.paths.length >= max) return;
      restricted.paths.push(path);
      restricted.keys.push(shown(key));
    },
    throwIfAny() {
      if (count === 0) return;
      const listed =
        restricted.count === 0
          ? problems
          : [restrictedKeys(propertyName, restricted), ...problems];
      const unlisted = count - restricted.count - problems.length;
      throw new RefusedBodyError(capped(listed, unlisted, propertyName));
    },
  };
}

function restrictedKeys(
  propertyName: string,
  { keys, paths, count }: { keys: string[]; paths: string[]; count: number },
): BodyProblem {
  const more = count > keys.length ? ` and ${count - keys.length} more` : "";
  const list = cut(keys.join(", "), MESSAGE_CHARS_MAX);
  return {
    propertyName,
    message: `Entity keys contain restricted characters. The following ids containing restricted characters: ${list}${more}`,
    paths,
  };
}

function capped(
  problems: BodyProblem[],
  unlisted: number,
  propertyName: string,
): BodyProblem[] {
  const max = ACCEPT_LIMITS.errorsListedMax;
  if (problems.length <= max && unlisted === 0) return problems;
  const kept = problems.slice(0, max - 1);
  const more = problems.length - kept.length + unlisted;
  const message = `There are ${more} more problems. Mend those above and send the import again to see the rest.`;
  return [...kept, { propertyName, message, paths: [] }];
}

/**
 * A text from outside as it may stand in a message: cut to 60 characters, with
 * control, invisible and lone half characters written as escapes, in quotes.
 */
export function quoted(text: string): string {
  return `"${shown(text)}"`;
}

function shown(text: string): string {
  return cut(text, QUOTED_CHARS_MAX)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

function cut(text: string, charsMax: number): string {
  return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text;
}
