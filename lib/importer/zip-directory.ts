import { AppError } from "@/lib/domain/errors";
import { FILE_REFUSALS, NOT_READ } from "@/lib/wording/file-refusals";

/** What is taken of a zip file (security.md R25, raised for what is read as a stream and not held). */
export const ZIP_LIMITS = {
  entriesMax: 4_000,
  directoryBytesMax: 4_000_000,
  /** All entries together, unpacked. */
  unpackedBytesMax: 2_000_000_000,
  /** Below this any ratio is taken; above it a file that unpacks to so much more is a bomb and no table. */
  ratioFreeBytes: 64_000_000,
  ratioMax: 150,
} as const;

const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const NO_32 = 0xffffffff;

export type ZipEntry = {
  path: string;
  /** As the directory declares them; what comes out beyond is refused. */
  packedBytes: number;
  unpackedBytes: number;
  method: number;
  isEncrypted: boolean;
  offset: number;
};

export type ZipFile = { blob: Blob; entries: ReadonlyMap<string, ZipEntry> };

/**
 * The list of what a zip file holds, read from its end; nothing is unpacked.
 * `undefined` when this is no zip file.
 *
 * @throws {AppError} `unprocessable`: damaged, or more than `ZIP_LIMITS`.
 */
export async function readZipDirectory(
  blob: Blob,
): Promise<ZipFile | undefined> {
  const tailAt = Math.max(0, blob.size - END_BYTES - COMMENT_BYTES_MAX);
  const tail = await viewOf(blob, tailAt, blob.size);
  const end = findEnd(tail);
  if (end === undefined) return undefined;

  const place = await directoryPlace(blob, tail, end, tailAt);
  if (place.entries > ZIP_LIMITS.entriesMax) {
    throw refused(NOT_READ.tooManyParts(place.entries, ZIP_LIMITS.entriesMax));
  }
  if (place.bytes > ZIP_LIMITS.directoryBytesMax) {
    throw refused("its list of contents is too long");
  }
  // Something may stand before the zip file, such as a program that unpacks it.
  const shift = place.endsAt - place.bytes - place.offset;
  if (shift < 0) throw damaged();
  const list = await viewOf(blob, place.offset + shift, place.endsAt);
  const entries = readEntries(list, place.entries, shift);
  checkSizes([...entries.values()], blob.size);
  return { blob, entries };
}

/** The bytes of one entry as they come out, never more than the directory declares. */
export async function* unpackEntry(
  zip: ZipFile,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (entry.isEncrypted) {
    throw new AppError("unprocessable", FILE_REFUSALS.password);
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw refused(`“${shortName(entry.path)}” is packed in an unusual way`);
  }
  const local = await viewOf(zip.blob, entry.offset, entry.offset + 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw damaged();
  }
  const start =
    entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = zip.blob.slice(start, start + entry.packedBytes).stream();
  const reader = (
    entry.method === 0
      ? packed
      : packed.pipeThrough(new DecompressionStream("deflate-raw"))
  ).getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (bytes > entry.unpackedBytes) {
        throw refused(NOT_READ.lyingSize(shortName(entry.path)));
      }
      yield value;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged(error);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (bytes < entry.unpackedBytes) throw damaged();
}

/** The whole of a small entry. @throws {AppError} when it is larger than `bytesMax`. */
export async function unpackWhole(
  zip: ZipFile,
  entry: ZipEntry,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.unpackedBytes > bytesMax) {
    throw refused(`“${shortName(entry.path)}” in it is too large`);
  }
  const bytes = new Uint8Array(entry.unpackedBytes);
  let at = 0;
  for await (const piece of unpackEntry(zip, entry)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Why a file is not taken although it could be. */
export function refused(reason: string): AppError {
  return new AppError("unprocessable", FILE_REFUSALS.notRead(reason));
}

export function damaged(cause?: unknown): AppError {
  return new AppError("unprocessable", FILE_REFUSALS.damaged, { cause });
}

const shortName = (path: string) =>
  path.length > 80 ? `…${path.slice(-80)}` : path;

async function viewOf(blob: Blob, from: number, to: number): Promise<DataView> {
  try {
    return new DataView(await blob.slice(from, to).arrayBuffer());
  } catch (cause) {
    throw new AppError("unprocessable", FILE_REFUSALS.unreadable, { cause });
  }
}

/** The end record is last but for a comment, whose length it tells. */
function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (
      tail.getUint32(at, true) === END_SIGNATURE &&
      at + END_BYTES + tail.getUint16(at + 20, true) <= tail.byteLength
    ) {
      return at;
    }
  }
  return undefined;
}

type Place = { entries: number; bytes: number; offset: number; endsAt: number };

async function directoryPlace(
  blob: Blob,
  tail: DataView,
  end: number,
  tailAt: number,
): Promise<Place> {
  const place = {
    entries: tail.getUint16(end + 10, true),
    bytes: tail.getUint32(end + 12, true),
    offset: tail.getUint32(end + 16, true),
    endsAt: tailAt + end,
  };
  const isLarge =
    place.entries === 0xffff || place.bytes === NO_32 || place.offset === NO_32;
  const locator = end - 20;
  if (
    !isLarge ||
    locator < 0 ||
    tail.getUint32(locator, true) !== END64_LOCATOR
  ) {
    return place;
  }
  const at = Number(tail.getBigUint64(locator + 8, true));
  const record = await viewOf(blob, at, at + 56);
  if (record.byteLength < 56 || record.getUint32(0, true) !== END64_SIGNATURE) {
    throw damaged();
  }
  return {
    entries: Number(record.getBigUint64(32, true)),
    bytes: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
    endsAt: at,
  };
}

function readEntries(
  list: DataView,
  count: number,
  shift: number,
): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (
      at + 46 > list.byteLength ||
      list.getUint32(at, true) !== ENTRY_SIGNATURE
    ) {
      throw damaged();
    }
    const flags = list.getUint16(at + 8, true);
    const nameBytes = list.getUint16(at + 28, true);
    const extraBytes = list.getUint16(at + 30, true);
    const next =
      at + 46 + nameBytes + extraBytes + list.getUint16(at + 32, true);
    if (next > list.byteLength) throw damaged();
    const name = new Uint8Array(
      list.buffer,
      list.byteOffset + at + 46,
      nameBytes,
    );
    const sizes = {
      unpackedBytes: list.getUint32(at + 24, true),
      packedBytes: list.getUint32(at + 20, true),
      offset: list.getUint32(at + 42, true),
    };
    readLargeSizes(list, at + 46 + nameBytes, extraBytes, sizes);
    const path = decodeName(name);
    if (entries.has(path)) throw refused(`it holds “${shortName(path)}” twice`);
    entries.set(path, {
      ...sizes,
      path,
      offset: sizes.offset + shift,
      method: list.getUint16(at + 10, true),
      isEncrypted: (flags & 1) === 1,
    });
    at = next;
  }
  return entries;
}

/** Sizes that need more than 32 bits stand in an extra field, in this order. */
function readLargeSizes(
  list: DataView,
  from: number,
  length: number,
  sizes: { unpackedBytes: number; packedBytes: number; offset: number },
): void {
  for (let at = from; at + 4 <= from + length;) {
    const bytes = list.getUint16(at + 2, true);
    if (list.getUint16(at, true) === 1) {
      let value = at + 4;
      for (const size of ["unpackedBytes", "packedBytes", "offset"] as const) {
        if (sizes[size] !== NO_32) continue;
        if (value + 8 > Math.min(at + 4 + bytes, from + length))
          throw damaged();
        sizes[size] = Number(list.getBigUint64(value, true));
        value += 8;
      }
    }
    at += 4 + bytes;
  }
}

function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function checkSizes(entries: readonly ZipEntry[], fileBytes: number): void {
  let unpacked = 0;
  let packed = 0;
  for (const entry of entries) {
    unpacked += entry.unpackedBytes;
    packed += entry.packedBytes;
    checkRatio(entry.unpackedBytes, entry.packedBytes);
  }
  // Entries that share bytes can unpack to any size.
  if (packed > fileBytes) throw damaged();
  checkRatio(unpacked, fileBytes);
  if (unpacked > ZIP_LIMITS.unpackedBytesMax) {
    throw refused(
      NOT_READ.unpacksTo(
        inMegabytes(unpacked),
        inMegabytes(ZIP_LIMITS.unpackedBytesMax),
      ),
    );
  }
}

function checkRatio(unpacked: number, packed: number): void {
  if (
    unpacked > ZIP_LIMITS.ratioFreeBytes &&
    unpacked > packed * ZIP_LIMITS.ratioMax
  ) {
    throw refused(NOT_READ.bomb(inMegabytes(packed), inMegabytes(unpacked)));
  }
}

const inMegabytes = (bytes: number) =>
  `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
