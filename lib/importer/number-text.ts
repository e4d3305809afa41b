/** What of SheetJS's formatter is needed; it is loaded only for sheets with dates. */
export type DateFormatter = {
  format(code: string, serial: number, options: { date1904: boolean }): string;
  parse_date_code(
    serial: number,
    options: { date1904: boolean },
  ): {
    y: number;
    m: number;
    d: number;
    H: number;
    M: number;
    S: number;
  } | null;
};

/** What the number format of a cell means for its text. */
export type NumberStyle =
  | { is: "plain" }
  /** A format of zeros alone: a number such as an article number, filled up to its length. */
  | { is: "zeros"; digits: number }
  /** Shown as the format says. */
  | { is: "date"; code: string }
  /** A format that looks different on each computer: written the ISO way. */
  | { is: "iso"; shows: "date" | "time" | "both" };

export const PLAIN: NumberStyle = { is: "plain" };

/** Formats known by number (ECMA-376 part 1, 18.8.30), as far as they mean something for text. */
const KNOWN_FORMATS = new Map<number, string>([
  [14, "m/d/yy"],
  [15, "d-mmm-yy"],
  [16, "d-mmm"],
  [17, "mmm-yy"],
  [18, "h:mm AM/PM"],
  [19, "h:mm:ss AM/PM"],
  [20, "h:mm"],
  [21, "h:mm:ss"],
  [22, "m/d/yy h:mm"],
  [45, "mm:ss"],
  [46, "[h]:mm:ss"],
  [47, "mm:ss.0"],
]);

/** The format a number stands for; dates of East Asian calendars are dates of the computer's own kind. */
export function knownFormat(id: number): string {
  const isEastAsian = (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return isEastAsian ? "m/d/yy" : (KNOWN_FORMATS.get(id) ?? "General");
}

/**
 * How cells with this number format become text. Everything that is no date
 * and no row of zeros stays the plain number: what a format leaves out, such as
 * decimals, would be lost.
 */
export function numberStyle(code: string): NumberStyle {
  if (code === "General") return PLAIN;
  if (code === "m/d/yy" || /^\[\$-(?:x-sysdate|F800)/i.test(code)) {
    return { is: "iso", shows: "date" };
  }
  if (/^m\/d\/yy h{1,2}:mm$/.test(code)) return { is: "iso", shows: "both" };
  if (/^\[\$-(?:x-systime|F400)/i.test(code)) {
    return { is: "iso", shows: "time" };
  }
  const bare = bareFormat(code);
  if (/^0{2,}$/.test(bare)) return { is: "zeros", digits: bare.length };
  const isNumber = /[0#?%]/.test(bare.replace(/s\.?0+/gi, "s"));
  return !isNumber && /[ymdhs]/i.test(bare)
    ? { is: "date", code: withPlainDots(code.split(";")[0] ?? code) }
    : PLAIN;
}

/** SheetJS takes a dot for fractions of a second and refuses `dd.mm.yyyy`. */
function withPlainDots(code: string): string {
  return code.replace(/"[^"]*"|\\.|\[[^\]]*\]|\.(?!0)/g, (part) =>
    part === "." ? "\\." : part,
  );
}

/** The first section without texts, colours and spaces to fill; `[h]` stays. */
function bareFormat(code: string): string {
  return code
    .slice(0, 1_000)
    .replace(/"[^"]*"|\\.|_.|\*./g, "")
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "")
    .replace(/;.*$/s, "")
    .trim();
}

/** The text of a number in a cell: digits as they are, dates as their format shows them. */
export function numberText(
  value: number,
  style: NumberStyle,
  dates: { formatter: DateFormatter | undefined; date1904: boolean },
): string {
  if (style.is === "zeros" && Number.isInteger(value)) {
    const digits = String(Math.abs(value)).padStart(style.digits, "0");
    return value < 0 ? `-${digits}` : digits;
  }
  const { formatter, date1904 } = dates;
  if (!formatter || style.is === "plain" || style.is === "zeros") {
    return String(value);
  }
  try {
    if (style.is === "date") {
      return formatter.format(style.code, value, { date1904 });
    }
  } catch {
    // A format that SheetJS does not understand.
  }
  const shows =
    style.is === "iso" ? style.shows : value % 1 === 0 ? "date" : "both";
  try {
    const date = formatter.parse_date_code(value, { date1904 });
    if (!date) return String(value);
    const two = (part: number) => String(part).padStart(2, "0");
    const day = `${String(date.y).padStart(4, "0")}-${two(date.m)}-${two(date.d)}`;
    const time = `${two(date.H)}:${two(date.M)}:${two(date.S)}`;
    if (shows === "date") return day;
    return shows === "time" ? time : `${day} ${time}`;
  } catch {
    return String(value);
  }
}

/** Excel keeps 15 digits; of a number with more the last ones are not what was typed. */
export function isRounded(value: number): boolean {
  return Math.abs(value) >= 1e15 && Number.isInteger(value);
}
