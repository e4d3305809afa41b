import { MEDIA_LIMITS } from "./limits";

const CONTROL = /\p{Cc}/u;
const HTTP_LINK = /^ *https?:\/\/([^/?#]*)/i;
const PAGE_NAME = /\.x?html?$/i;

/**
 * Why a text is no acceptable link, as a sentence; undefined when it is one.
 * Raw letters and blanks are fine (`http://host/pic ä.jpg`): they are escaped
 * when the link is fetched. Says nothing about where the link leads: that is
 * the outbound guard's, and the operator's, to decide.
 */
export function checkLinkText(link: string): string | undefined {
  if (link.trim() === "") return "The link is empty. Give an address.";
  if (link.length > MEDIA_LIMITS.linkCharsMax)
    return tooLong("link", MEDIA_LIMITS.linkCharsMax);
  const unreadable = characterProblem("link", link);
  if (unreadable) return unreadable;

  const authority = HTTP_LINK.exec(link)?.[1];
  if (authority === undefined)
    return "The link does not begin with http:// or https://. Give the whole address.";
  // Programs disagree about what stands before and after these signs.
  if (/[@\\]/.test(authority))
    return "The link has a user name, a password or a backslash before the host. Leave only the host there.";
  if (authority === "" || !URL.canParse(link))
    return "The link names no host that can be read. Check the part after the two slashes.";
  return undefined;
}

/**
 * Why a text is no acceptable file name, as a sentence. A name is kept as it
 * was sent and is only a label: files are stored under names of our own.
 */
export function filenameProblem(filename: string): string | undefined {
  if (filename.trim() === "") return "The filename is empty. Give a name.";
  if (filename.length > MEDIA_LIMITS.filenameCharsMax)
    return tooLong("filename", MEDIA_LIMITS.filenameCharsMax);
  // As the last part of a public URL they would name another place.
  if (filename === "." || filename === "..")
    return "The filename is only dots. Give a name with a letter or digit.";
  return characterProblem("filename", filename);
}

/**
 * Why a text is no acceptable unique identifier, as a sentence. The rule for
 * entry keys does not hold here: dots, slashes, `__proto__` and the like are
 * fine. Never trimmed; two that differ in a blank are two.
 */
export function uniqueIdentifierProblem(
  identifier: string,
): string | undefined {
  if (identifier === "")
    return "The unique identifier is empty. Give one, or leave it out.";
  if (identifier.length > MEDIA_LIMITS.uniqueIdentifierCharsMax)
    return tooLong("unique identifier", MEDIA_LIMITS.uniqueIdentifierCharsMax);
  return characterProblem("unique identifier", identifier);
}

/** Whether a name says that the file is meant to be a web page. */
export function isPageName(filename: string): boolean {
  return PAGE_NAME.test(filename);
}

function characterProblem(what: string, text: string): string | undefined {
  if (CONTROL.test(text))
    return `The ${what} has a control character, such as a line break or a tab. Remove it.`;
  if (!text.isWellFormed())
    return `The ${what} has half of a character (a lone surrogate). Send it as UTF-8.`;
  return undefined;
}

function tooLong(what: string, charsMax: number): string {
  return `The ${what} is longer than ${charsMax.toLocaleString("en-US")} characters. Use a shorter one.`;
}
