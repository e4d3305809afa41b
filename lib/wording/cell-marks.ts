/** Characters that cannot be seen: what stands for each, and its name. */
export const CELL_MARKS: readonly [
  character: string,
  mark: string,
  name: string,
][] = [
  ["\t", "⇥", "tab"],
  ["\n", "↵", "line break"],
  ["\r", "␍", "carriage return"],
  ["\u00a0", "⍽", "no-break space"],
  ["\u00ad", "‐", "soft hyphen"],
  ["\u200b", "∅", "zero-width space"],
  ["\u200c", "∅", "zero-width non-joiner"],
  ["\u200d", "∅", "zero-width joiner"],
  ["\u200e", "→", "left-to-right mark"],
  ["\u200f", "←", "right-to-left mark"],
  ["\u2028", "↵", "line separator"],
  ["\u2029", "¶", "paragraph separator"],
  ["\u202f", "⍽", "narrow no-break space"],
  ["\u3000", "⍽", "ideographic space"],
  ["\ufeff", "∅", "byte order mark"],
  ["\ufffd", "�", "a byte that could not be read"],
];

/** Spaces at the beginning or the end of a cell. */
export function spacesName(count: number): string {
  return count === 1 ? "space" : `${count} spaces`;
}
