/**
 * A number with the digits as they were sent: `JSON.parse` turns
 * 9007199254740993 into another number (security.md 0.7). Made only by the
 * reader of request bodies.
 */
export class NumberText {
  constructor(readonly text: string) {}

  /** Whether a double can hold its size; 1e400 is refused rather than kept as text that no program can use. */
  isInRange(): boolean {
    return Number.isFinite(Number(this.text));
  }
}
