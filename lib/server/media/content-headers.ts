import { THUMBNAIL_TYPES } from "./thumbnail";

/**
 * Types that browsers show without running anything in them. Not PDF: viewers
 * run its scripts. Not SVG, HTML and XML ever.
 */
const INLINE_TYPES: ReadonlySet<string> = new Set([
  ...THUMBNAIL_TYPES,
  "image/avif",
  "video/mp4",
  "video/webm",
  "audio/mpeg",
  "audio/ogg",
  "audio/wav",
]);

/** Types that may keep their name on a download; no browser shows them as a page. */
const DOWNLOAD_TYPES: ReadonlySet<string> = new Set([
  "application/pdf",
  "application/zip",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "image/tiff",
  "image/heic",
  "image/bmp",
  "video/quicktime",
  "audio/mp4",
  "audio/flac",
]);

const SANDBOX = "sandbox; default-src 'none'";
/**
 * A browser that opens a video by its address makes a page with a player, which
 * loads the address again, by this policy. It runs no script either.
 */
const PLAYER_SANDBOX =
  "sandbox allow-same-origin; default-src 'none'; media-src 'self'";

// What file systems and command lines take for something else, and the marks
// that make text run backwards, so that "gpj.exe" reads "exe.jpg".
const UNSAFE_IN_NAME =
  /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|%\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * The headers that say what a browser may do with a file (security.md 1.2,
 * Files): show it, when its type is of the fixed list and it was readable as
 * such, else save it. Never run or sniff it.
 */
export function contentHeaders(file: {
  mimeType: string | null;
  filename: string;
  extension: string;
  /** Whether width and height were found, or length and shape. */
  hasMediaInfo: boolean;
}): Record<string, string> {
  const mimeType = file.mimeType ?? "";
  const isBroken = THUMBNAIL_TYPES.has(mimeType) && !file.hasMediaInfo;
  const isShown = INLINE_TYPES.has(mimeType) && !isBroken;
  const isNamed = isShown || DOWNLOAD_TYPES.has(mimeType);
  return {
    "content-type": isNamed ? mimeType : "application/octet-stream",
    "content-disposition": `${isShown ? "inline" : "attachment"}; ${filenameParameters(file)}`,
    "x-content-type-options": "nosniff",
    "content-security-policy":
      isShown && /^(video|audio)\//.test(mimeType) ? PLAYER_SANDBOX : SANDBOX,
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
  };
}

/** The name for the download, for old and new clients (RFC 6266, RFC 8187). */
function filenameParameters({
  filename,
  extension,
}: {
  filename: string;
  extension: string;
}): string {
  const name = filename.toWellFormed().replace(UNSAFE_IN_NAME, "_");
  const safe = /^[. _]*$/.test(name)
    ? `file${extension ? `.${extension}` : ""}`
    : name;
  const ascii = safe.replace(/[^\x20-\x7e]/g, "_");
  return `filename="${ascii}"; filename*=UTF-8''${encodeExtended(safe)}`;
}

function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
