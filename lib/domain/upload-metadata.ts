import { AppError } from "./errors";
import { filenameProblem, uniqueIdentifierProblem } from "./media-link";

/** What the sender of an upload says about the file. */
export type UploadMetadata = {
  filename: string;
  uniqueIdentifier: string | null;
  /** In lower case; null when none was given or it has no such shape. */
  mimeType: string | null;
};

const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}={0,2}|[A-Za-z0-9+/]{3}=?)?$/;
const MIME_TYPE = /^[a-z0-9][\w.+-]{0,126}\/[a-z0-9][\w.+-]{0,126}$/;

/**
 * Reads `Upload-Metadata` (tus 1.0.0, creation): `Key base64, Key base64`. Keys
 * count in any case; unknown ones are ignored.
 *
 * @throws {AppError} `invalid_input` when it is no such list, has a key twice, or
 *   the file name or the unique identifier breaks a rule.
 */
export function readUploadMetadata(header: string | null): UploadMetadata {
  const values = readPairs(header ?? "");
  const filename = values.get("filename");
  if (filename === undefined) {
    throw refused(
      "Upload-Metadata has no Filename. Send one, such as: Filename Y2hhaXIuanBn",
    );
  }
  const uniqueIdentifier = values.get("uniqueidentifier") || null;
  const problem =
    filenameProblem(filename) ??
    (uniqueIdentifier === null
      ? undefined
      : uniqueIdentifierProblem(uniqueIdentifier));
  if (problem !== undefined) throw refused(problem);
  const mimeType = values.get("mimetype")?.trim().toLowerCase() ?? "";
  return {
    filename,
    uniqueIdentifier,
    mimeType: MIME_TYPE.test(mimeType) ? mimeType : null,
  };
}

/** The same header again, for those who ask what an upload is. Missing values are left out. */
export function writeUploadMetadata(
  metadata: UploadMetadata & { sizeBytes: number },
): string {
  const { filename, mimeType, sizeBytes, uniqueIdentifier } = metadata;
  return (
    [
      ["Filename", filename],
      ["MimeType", mimeType],
      ["Size", String(sizeBytes)],
      ["UniqueIdentifier", uniqueIdentifier],
    ] as const
  )
    .flatMap(([key, text]) => (text === null ? [] : `${key} ${toBase64(text)}`))
    .join(",");
}

function readPairs(header: string): Map<string, string> {
  const values = new Map<string, string>();
  if (header.trim() === "") return values;
  for (const pair of header.split(",")) {
    const [key = "", encoded = "", ...rest] = pair.trim().split(/ +/);
    const name = key.toLowerCase();
    if (name === "" || rest.length > 0 || !BASE64.test(encoded)) {
      throw refused(
        "Upload-Metadata is no list of keys and base64 values. Send it like: Filename Y2hhaXIuanBn,MimeType aW1hZ2UvanBlZw==",
      );
    }
    if (values.has(name)) {
      throw refused(
        `Upload-Metadata has the key ${key.slice(0, 40)} twice. Send it once.`,
      );
    }
    values.set(name, fromBase64(encoded, key));
  }
  return values;
}

function fromBase64(encoded: string, key: string): string {
  const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw refused(
      `The value of ${key.slice(0, 40)} in Upload-Metadata is not UTF-8. Encode the text as UTF-8, then as base64.`,
    );
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function refused(message: string): AppError {
  return new AppError("invalid_input", message);
}
