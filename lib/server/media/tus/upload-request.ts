import "server-only";

import { AppError } from "@/lib/domain/errors";

/** Which version is spoken; there is one. */
export const TUS_VERSION = "1.0.0";
export const TUS_EXTENSIONS = "creation,expiration,termination";

const WHOLE_NUMBER = /^\d{1,15}$/;
const CHUNK_TYPE = "application/offset+octet-stream";

/** Whether a request speaks our version, as every one but OPTIONS has to. */
export function speaksVersion(request: Request): boolean {
  return request.headers.get("tus-resumable")?.trim() === TUS_VERSION;
}

/**
 * Bytes that a new upload will have.
 *
 * @throws {AppError} `invalid_input` for none, a negative one and 0; `too_large`
 *   above `bytesMax`.
 */
export function readUploadLength(request: Request, bytesMax: number): number {
  if (request.headers.has("upload-defer-length")) {
    throw refused(
      "The length cannot be told later. Send Upload-Length with the number of bytes.",
    );
  }
  const text = request.headers.get("upload-length")?.trim() ?? "";
  if (!WHOLE_NUMBER.test(text)) {
    throw refused(
      text === ""
        ? "Upload-Length is missing. Send the number of bytes of the file."
        : `Upload-Length must be the number of bytes of the file, 1 to ${bytesMax}. Clients that count in 32 bits send a negative one for files above 2 GB.`,
    );
  }
  const length = Number(text);
  if (length === 0) {
    throw refused("The file is empty. Send a file with at least one byte.");
  }
  if (length > bytesMax) {
    throw new AppError(
      "too_large",
      `The file has more than ${bytesMax} bytes, the most that is taken. Send a smaller one.`,
    );
  }
  return length;
}

/**
 * Where in the file the body of a PATCH begins.
 *
 * @throws {AppError} `unsupported_media_type`, `invalid_input`.
 */
export function readChunkOffset({ headers }: Request): number {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== CHUNK_TYPE) {
    throw new AppError(
      "unsupported_media_type",
      `Send chunks with the content type ${CHUNK_TYPE}.`,
    );
  }
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  if (encoding && encoding !== "identity") {
    throw new AppError(
      "unsupported_media_type",
      "Chunks are stored as they are sent. Leave out Content-Encoding.",
    );
  }
  const text = headers.get("upload-offset")?.trim() ?? "";
  if (!WHOLE_NUMBER.test(text)) {
    throw refused(
      "Upload-Offset is missing or no number of bytes. Send the number of bytes that have arrived.",
    );
  }
  return Number(text);
}

/** Bytes of the body as declared; undefined when it comes chunked. */
export function readContentLength({ headers }: Request): number | undefined {
  const text = headers.get("content-length")?.trim() ?? "";
  return WHOLE_NUMBER.test(text) ? Number(text) : undefined;
}

function refused(message: string): AppError {
  return new AppError("invalid_input", message);
}
