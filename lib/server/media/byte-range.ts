import type { ByteRange } from "@/lib/server/file-store/service";

/**
 * What a Range header asks of `bytes` bytes (RFC 9110, 14.1.2): one range, or
 * the whole. The whole is also the answer to several ranges and to what is no
 * range of bytes; a server may always give more than asked.
 */
export function readByteRange(
  header: string | undefined,
  bytes: number,
): ByteRange | "whole" | "unsatisfiable" {
  const found = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? "");
  if (!found) return "whole";
  const [, first = "", last = ""] = found;
  if (first === "") {
    if (last === "") return "whole";
    const tail = Math.min(Number(last), bytes);
    if (tail === 0) return "unsatisfiable";
    return { start: bytes - tail, endInclusive: bytes - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "whole";
  if (start >= bytes) return "unsatisfiable";
  const endInclusive = last === "" ? bytes - 1 : Number(last);
  return { start, endInclusive: Math.min(endInclusive, bytes - 1) };
}
