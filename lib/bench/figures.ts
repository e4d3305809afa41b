/** Prints one figure as one JSON line; numbers to three significant places or so. */
export function printFigure(
  name: string,
  values: Record<string, number | string>,
): void {
  const rounded = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "number" && !Number.isInteger(value)
      ? Number(value.toFixed(2))
      : value,
  ]);
  process.stdout.write(
    `${JSON.stringify({ figure: name, ...Object.fromEntries(rounded) })}\n`,
  );
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** `share` from 0 to 1; the nearest value, not interpolated. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ??
    NaN
  );
}
