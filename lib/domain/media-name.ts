import { MEDIA_LIMITS } from "./limits";

const NAMELESS = "file";

/**
 * A file name made of a link: the last part of its path, decoded, without what
 * a file name may not hold. `file` where the link has no such part.
 */
export function filenameFromLink(link: string): string {
  if (!URL.canParse(link)) return NAMELESS;
  const { pathname } = new URL(link);
  const last = pathname.split("/").findLast((part) => part !== "") ?? "";
  const name = decodePart(last)
    .replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, "_")
    .trim()
    .replace(/^\.+/, "");
  return shortenName(name) || NAMELESS;
}

/** A name of at most the allowed length, cut before its extension. */
function shortenName(name: string): string {
  const max = MEDIA_LIMITS.filenameCharsMax;
  if (name.length <= max) return name;
  const [extension = ""] = /\.[a-z0-9]{1,10}$/i.exec(name) ?? [];
  return cut(name, max - extension.length) + extension;
}

/** The identifier with the first suffix (`-2`, `-3` …) that `isFree` lets through. */
export function suggestFreeIdentifier(
  identifier: string,
  isFree: (candidate: string) => boolean,
): string {
  for (let next = 2; ; next += 1) {
    const suffix = `-${next}`;
    const max = MEDIA_LIMITS.uniqueIdentifierCharsMax - suffix.length;
    const candidate = cut(identifier, max) + suffix;
    if (isFree(candidate)) return candidate;
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A lone %, as some servers have it: then as it stands.
  }
}

/** Never cuts a character that takes two units in half. */
function cut(text: string, max: number): string {
  const shorter = text.slice(0, max);
  return /[\uD800-\uDBFF]$/.test(shorter) ? shorter.slice(0, -1) : shorter;
}
