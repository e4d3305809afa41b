import "server-only";

import { AppError } from "@/lib/domain/errors";

const FULL_CODES = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const BLOCKED_CODES = new Set(["EACCES", "EPERM", "EROFS", "EIO", "EMFILE"]);

/** What a failed call to the file system means for who asked; anything else stays what it is. */
export function diskFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  if (FULL_CODES.has(code)) {
    return new AppError(
      "unavailable",
      "The disk that keeps media files is full, so the file was not stored. Free space on it or ask the administrator, then send the file again.",
      { cause: error },
    );
  }
  if (BLOCKED_CODES.has(code)) {
    return new AppError(
      "unavailable",
      "The folder that keeps media files cannot be used at the moment. Ask the administrator to look at it, then try again.",
      { cause: error },
    );
  }
  return error;
}

/** A store on the network that did not do what it was asked. */
export function remoteFailure(error: unknown): AppError {
  return new AppError(
    "unavailable",
    "The store that keeps media files did not answer as it should. Try again; if it stays, ask the administrator to check the settings that begin with S3_.",
    { cause: error },
  );
}

/** Nothing is stored under a key. */
export function noSuchFile(cause: unknown): AppError {
  return new AppError("not_found", "The file's content is not stored.", {
    cause,
  });
}
