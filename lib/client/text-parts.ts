import { CELL_MARKS, spacesName } from "@/lib/wording/cell-marks";

export type TextPart =
  | { is: "text"; text: string }
  /** A character that cannot be seen: what stands for it and its name. */
  | { is: "mark"; mark: string; name: string };

const NAMES = new Map(
  CELL_MARKS.map(([found, mark, name]) => [found, [mark, name] as const]),
);

const INVISIBLE =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\ufffd]|^ +| +$/gu;

/** A cell cut into what can be seen and marks for what cannot, such as tabs and spaces at its ends. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > from) {
      parts.push({ is: "text", text: text.slice(from, match.index) });
    }
    parts.push(markOf(match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ is: "text", text: text.slice(from) });
  return parts;
}

function markOf(found: string): TextPart {
  if (found.startsWith(" ")) {
    return {
      is: "mark",
      mark: "·".repeat(found.length),
      name: spacesName(found.length),
    };
  }
  const [mark, name] = NAMES.get(found) ?? [
    "�",
    `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  ];
  return { is: "mark", mark, name };
}
