import { createHash } from "node:crypto";
import { gunzipSync, inflateSync } from "node:zlib";

/** Of a text that is looked for: every 23 characters in a row of it hold a whole piece. */
const PIECE_CHARS = 12;
const PREFIX_BYTES = 4;
const DEPTH_MAX = 3;

type Needle = { name: string; bytes: Buffer };

/**
 * Finds parts of known texts in whatever is given: as they are, in base64 at
 * each offset, base64url, hexadecimal digits and UTF-16, also within gzip, zlib
 * and texts that are base64 or hexadecimal digits as a whole. The texts must be
 * random letters and digits, so that JSON, HTML and addresses write them as
 * they are.
 */
export function createTextSearch(texts: Record<string, string>): {
  /** The names of the texts of which a part is in there. */
  findIn(content: Buffer | string): string[];
} {
  const needles = Object.entries(texts).flatMap(([name, text]) => {
    const pieces = text.match(new RegExp(`.{${PIECE_CHARS}}`, "g")) ?? [];
    return pieces.flatMap((piece) =>
      formsOf(piece).map((bytes) => ({ name, bytes })),
    );
  });
  const byPrefix = new Map<number, Needle[]>();
  const mayStart = new Uint8Array(65_536);
  for (const needle of needles) {
    const prefix = needle.bytes.readUInt32BE(0);
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), needle]);
    mayStart[prefix % 65_521] = 1;
  }

  function findPlain(content: Buffer): Set<string> {
    const found = new Set<string>();
    let window = 0;
    for (let at = 0; at < content.length; at += 1) {
      window = ((window << 8) | (content[at] ?? 0)) >>> 0;
      if (mayStart[window % 65_521] === 0) continue;
      const start = at - PREFIX_BYTES + 1;
      for (const { name, bytes } of byPrefix.get(window) ?? []) {
        const part = content.subarray(start, start + bytes.length);
        if (start >= 0 && part.equals(bytes)) found.add(name);
      }
    }
    return found;
  }

  const seen = new Map<string, string[]>();
  return {
    findIn(content) {
      const bytes = Buffer.from(content);
      const hash = createHash("sha1").update(bytes).digest("hex");
      const known = seen.get(hash);
      if (known) return known;
      const found = new Set(
        layersOf(bytes).flatMap((layer) => [...findPlain(layer)]),
      );
      seen.set(hash, [...found]);
      return [...found];
    },
  };
}

function formsOf(piece: string): Buffer[] {
  const bytes = Buffer.from(piece);
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(
      "base64",
    );
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const inside = text.slice(before === 0 ? 0 : before + 1, end);
    return [inside, inside.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const texts = [piece, hex, hex.toUpperCase(), ...base64];
  return [
    ...[...new Set(texts)].map((text) => Buffer.from(text)),
    Buffer.from(piece, "utf16le"),
  ];
}

/** The content, and what it is when it is unpacked. */
function layersOf(content: Buffer, depth = 0): Buffer[] {
  if (depth > DEPTH_MAX) return [content];
  const inside = unpacked(content);
  return [content, ...inside.flatMap((layer) => layersOf(layer, depth + 1))];
}

function unpacked(content: Buffer): Buffer[] {
  if (content[0] === 0x1f && content[1] === 0x8b)
    return attempt(() => gunzipSync(content));
  if (content[0] === 0x78) {
    const inflated = attempt(() => inflateSync(content));
    if (inflated.length > 0) return inflated;
  }
  const isText = content.length >= 16 && content.length < 1_000_000;
  const text = isText ? content.toString("latin1").trim() : "";
  if (/^(?:\\x)?(?:[0-9a-f]{2})+$/i.test(text))
    return [Buffer.from(text.replace(/^\\x/, ""), "hex")];
  return /^[\w+/-]+={0,2}$/.test(text) ? [Buffer.from(text, "base64")] : [];
}

function attempt(unpack: () => Buffer): Buffer[] {
  try {
    return [unpack()];
  } catch {
    return []; // It only began like one.
  }
}
