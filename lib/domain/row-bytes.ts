import { cellLinks } from "./link-cell";
import type { MediaUse } from "./mapping";
import type { BatchCell, BatchColumn } from "./table-batch";

const KEY_FRAME_BYTES = '{"key":,"delete":,"properties":[]}'.length;
const PROPERTY_FRAME_BYTES = '{"id":,"value":,"language":}'.length;
const NULL_BYTES = "null".length;

/** Bytes of `{"entities":[]}`, the frame around all entities of a body. */
export const BODY_FRAME_BYTES = '{"entities":[]}'.length;

/** The most UTF-8 bytes one character (UTF-16 unit) of a text takes in JSON: `\u0000`. */
export const JSON_BYTES_PER_CHAR_MAX = 6;

/**
 * UTF-8 bytes of a text as `JSON.stringify` writes it, quotes included, without
 * making that string.
 */
export function jsonTextBytes(text: string): number {
  let bytes = text.length + 2;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      if (unit < 0x20) bytes += isShortEscape(unit) ? 1 : 5;
      else if (unit === 0x22 || unit === 0x5c) bytes += 1;
    } else if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
    else {
      const next = text.charCodeAt(i + 1);
      const isPair = unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff;
      // A pair is 4 bytes in UTF-8; a lone half is written as \udXXX.
      bytes += isPair ? 2 : 5;
      if (isPair) i++;
    }
  }
  return bytes;
}

/** \b \t \n \f \r are written with two characters, other controls with six. */
function isShortEscape(unit: number): boolean {
  return unit >= 8 && unit <= 13 && unit !== 11;
}

/**
 * Room for the address and the id of a media file beside the link they replace:
 * an address has the host of the Studio, two ids and the file's name.
 */
const MEDIA_FILE_BYTES = 400;

/** Bytes of one property of an entity without its value. Includes the comma before it. */
export function propertyFrameBytes([id, language, media]: BatchColumn): number {
  const own =
    PROPERTY_FRAME_BYTES +
    1 +
    jsonTextBytes(id) +
    (language === "" ? NULL_BYTES : jsonTextBytes(language));
  if (media === undefined) return own;
  const { idProperty } = media;
  const ids = idProperty === null ? 0 : own + jsonTextBytes(idProperty);
  return own + ids + MEDIA_FILE_BYTES;
}

/**
 * Room for the files of a cell beyond its first: a short link may stand for an
 * address of many times its length.
 */
export function moreFilesBytes(cell: string, media: MediaUse): number {
  return Math.max(0, cellLinks(cell, media).length - 1) * MEDIA_FILE_BYTES;
}

/**
 * Bytes of a row of a table batch as the entity it stands for: what
 * `entityBytes` gives for it, without building it. Of links it gives room for
 * what they become.
 */
export function rowEntityBytes(
  key: string,
  isDelete: 0 | 1,
  cells: readonly BatchCell[],
  frameBytes: readonly number[],
  columns: readonly BatchColumn[],
): number {
  let bytes = KEY_FRAME_BYTES + jsonTextBytes(key) + (isDelete === 1 ? 4 : 5);
  let count = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    // A number is SKIP.
    if (cell === undefined || typeof cell === "number") continue;
    count += 1;
    bytes += frameBytes[i] ?? 0;
    bytes += cell === null ? NULL_BYTES : jsonTextBytes(cell);
    const media = columns[i]?.[2];
    if (media && cell !== null) bytes += moreFilesBytes(cell, media);
  }
  // The first property has no comma before it.
  return count === 0 ? bytes : bytes - 1;
}
