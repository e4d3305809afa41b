import { SLICE_BYTES } from "./decode";

/** What the bytes of a file that is not UTF-8 look like. */
export type Utf8Findings = {
  /** Offset of the first byte that is not UTF-8. */
  brokenAt: number;
  /** Bytes above 127 that stand as UTF-8 writes them: a lead byte with its continuation bytes. */
  sequences: number;
  /** Bytes above 127 that do not. */
  strays: number;
};

/** This far ahead of the other, one of the counts has won and the rest of the file is not read. */
const LEAD_MAX = 10_000;

/**
 * Tells a UTF-8 file with broken places from a file in an old one-byte
 * encoding: in the latter, bytes above 127 hardly ever stand as UTF-8 sequences.
 * Reads up to the whole file, so it is only for files that failed to decode.
 */
export async function inspectUtf8(file: Blob): Promise<Utf8Findings> {
  const findings: Utf8Findings = { brokenAt: -1, sequences: 0, strays: 0 };
  let held = new Uint8Array(0);

  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    const slice = await file.slice(at, at + SLICE_BYTES).arrayBuffer();
    const bytes = new Uint8Array(held.length + slice.byteLength);
    bytes.set(held);
    bytes.set(new Uint8Array(slice), held.length);
    const isLast = at + SLICE_BYTES >= file.size;
    // A sequence has at most 4 bytes: keep the start of one for the next slice.
    const end = isLast ? bytes.length : bytes.length - 3;
    const next = scan(bytes, end, at - held.length, findings);
    held = bytes.slice(next);
    const lead = Math.abs(findings.sequences - findings.strays);
    if (findings.brokenAt >= 0 && lead > LEAD_MAX) break;
  }
  return findings;
}

/** Whether the file is UTF-8 with broken places, rather than something else. */
export function looksLikeUtf8(findings: Utf8Findings): boolean {
  return findings.sequences > 0 && findings.sequences >= findings.strays;
}

function scan(
  bytes: Uint8Array,
  end: number,
  offset: number,
  findings: Utf8Findings,
): number {
  let i = 0;
  while (i < end) {
    const lead = bytes[i] as number;
    if (lead < 0x80) {
      i += 1;
      continue;
    }
    const length = sequenceLength(bytes, i);
    if (length > 0) findings.sequences += 1;
    else findings.strays += 1;
    const isValid = length > 0 && isAllowed(lead, bytes[i + 1] as number);
    if (!isValid && findings.brokenAt < 0) findings.brokenAt = offset + i;
    i += Math.max(length, 1);
  }
  return i;
}

/** 2 to 4 when a lead byte has all its continuation bytes, else 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0xc0 || lead > 0xf7) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Not overlong, no surrogate, not above U+10FFFF (Unicode 16, table 3-7). */
function isAllowed(lead: number, second: number): boolean {
  if (lead < 0xc2 || lead > 0xf4) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}
