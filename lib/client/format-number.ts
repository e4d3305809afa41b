const NUMBER = new Intl.NumberFormat("en");
const ONE_DECIMAL = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** 1234567 to "1,234,567". */
export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** "1 entry", "1,200 entries". */
export function formatCount(
  value: number,
  one: string,
  many = `${one}s`,
): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`;
}

/** 1536 to "1.5 KB"; powers of 1,000, as file managers and limits count. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${ONE_DECIMAL.format(value)} ${units[unit] ?? "TB"}`;
}

/** Share of a whole as "42 %", never 100 before it is whole. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return "0 %";
  const percent = (part / whole) * 100;
  if (percent >= 100) return "100 %";
  if (percent > 0 && percent < 1) return "<1 %";
  return `${Math.floor(percent)} %`;
}
