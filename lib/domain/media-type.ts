/** Kinds of media file that people tell apart. */
export const MEDIA_KINDS = [
  "image",
  "video",
  "audio",
  "document",
  "other",
] as const;

export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What a file is taken for by its name alone, until its content says better. */
const TYPE_BY_EXTENSION = new Map([
  ["avif", "image/avif"],
  ["bmp", "image/bmp"],
  ["gif", "image/gif"],
  ["heic", "image/heic"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["png", "image/png"],
  ["svg", "image/svg+xml"],
  ["tif", "image/tiff"],
  ["tiff", "image/tiff"],
  ["webp", "image/webp"],
  ["avi", "video/x-msvideo"],
  ["m4v", "video/x-m4v"],
  ["mkv", "video/x-matroska"],
  ["mov", "video/quicktime"],
  ["mp4", "video/mp4"],
  ["webm", "video/webm"],
  ["aac", "audio/aac"],
  ["flac", "audio/flac"],
  ["m4a", "audio/mp4"],
  ["mp3", "audio/mpeg"],
  ["ogg", "audio/ogg"],
  ["wav", "audio/wav"],
  ["csv", "text/csv"],
  ["doc", "application/msword"],
  [
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
  ["pdf", "application/pdf"],
  ["ppt", "application/vnd.ms-powerpoint"],
  [
    "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ],
  ["txt", "text/plain"],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["zip", "application/zip"],
]);

/** The type of what nothing is known of. */
export const UNKNOWN_MEDIA_TYPE = "application/octet-stream";

/**
 * The extension of a file name, in lower case and without the dot: `"jpg"` of
 * `"Stol.JPG"`. Empty when there is none, or what follows the dot is no extension.
 */
export function extensionOf(filename: string): string {
  return /[^./\\]\.([0-9a-z]{1,10})$/i.exec(filename)?.[1]?.toLowerCase() ?? "";
}

/** The MIME type that a file name promises; undefined when it promises none. */
export function typeByFilename(filename: string): string | undefined {
  return TYPE_BY_EXTENSION.get(extensionOf(filename));
}

/** Beginnings of the MIME types of each kind; `other` is everything else. */
export const TYPE_BEGINNINGS: Record<
  Exclude<MediaKind, "other">,
  readonly string[]
> = {
  image: ["image/"],
  video: ["video/"],
  audio: ["audio/"],
  document: [
    "text/",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
  ],
};

/** What kind of file a MIME type is of. */
export function kindOfType(mimeType: string | null): MediaKind {
  for (const kind of MEDIA_KINDS) {
    if (kind === "other" || mimeType === null) continue;
    if (TYPE_BEGINNINGS[kind].some((start) => mimeType.startsWith(start)))
      return kind;
  }
  return "other";
}
