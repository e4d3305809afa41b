/** What to tell about quotes that do not open or close a cell. */
export function strayQuotesSentence(count: number, where: string): string {
  const what =
    count === 1
      ? `A quote (") ${where} does`
      : `${count.toLocaleString("en")} quotes (") ${where} do`;
  return `${what} not open or close a cell properly, so rows may run into each other. Correct the file, or let quotation marks be ordinary text on the first step.`;
}
