import "server-only";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
// [ and { differ in one bit only, and so do ] and }.
const BRACE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** What a JSON text shows without being parsed. Of a text that is no JSON it says nothing certain. */
export type JsonScan = {
  /** Deepest nesting of arrays and objects. The scan stops above `nestingMax`. */
  nesting: number;
  /** Members of all objects, counted by their colons. */
  members: number;
  /** Members of the largest object. */
  membersLargest: number;
  /** Arrays and objects. */
  containers: number;
  /** Bytes of the longest array or object at the third level: of an import, its largest entity. */
  thirdLevelBytesLargest: number;
  /** Byte offsets of number literals: start, end, start, end … The scan stops above `numbersMax`. */
  numbers: number[];
};

/**
 * Reads through JSON bytes once. Works on bytes because all that matters is
 * ASCII, and so that nothing is decoded before it is known to be shallow.
 */
export function scanJson(
  bytes: Uint8Array,
  { nestingMax, numbersMax }: { nestingMax: number; numbersMax: number },
): JsonScan {
  let nesting = 0;
  let members = 0;
  let membersLargest = 0;
  let containers = 0;
  const membersAt = new Uint32Array(nestingMax + 2);
  let thirdLevelBytesLargest = 0;
  const numbers: number[] = [];
  const { length } = bytes;
  let depth = 0;
  let thirdLevelStart = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COLON) {
      members += 1;
      const own = (membersAt[depth] ?? 0) + 1;
      membersAt[depth] = own;
      if (own > membersLargest) membersLargest = own;
    } else if (byte === MINUS || (byte >= DIGIT_0 && byte <= DIGIT_9)) {
      const end = endOfNumber(bytes, at + 1);
      numbers.push(at, end);
      // Two offsets each: a swarm of them is not even kept.
      if (numbers.length > 2 * numbersMax) break;
      at = end - 1;
    } else if ((byte | BRACE_BIT) === OPENING) {
      depth += 1;
      containers += 1;
      membersAt[depth] = 0;
      if (depth > nesting) nesting = depth;
      if (depth > nestingMax) break;
      if (depth === 3) thirdLevelStart = at;
    } else if ((byte | BRACE_BIT) === CLOSING) {
      if (depth === 3) {
        const own = at + 1 - thirdLevelStart;
        if (own > thirdLevelBytesLargest) {
          thirdLevelBytesLargest = own;
        }
      }
      depth -= 1;
    }
  }
  return {
    nesting,
    members,
    membersLargest,
    containers,
    thirdLevelBytesLargest,
    numbers,
  };
}

/** The offset of the closing quote, or the end of the bytes. */
function endOfString(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return length;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const isDigit = byte >= DIGIT_0 && byte <= DIGIT_9;
    // + - . E e
    const isSign =
      byte === 0x2b ||
      byte === MINUS ||
      byte === 0x2e ||
      byte === 0x45 ||
      byte === 0x65;
    if (!isDigit && !isSign) return at;
  }
  return at;
}
