import type { DetailedError, PreviousUpload, Upload } from "tus-js-client";

import { AppError } from "@/lib/domain/errors";

import { asAppError } from "./http";

const ENDPOINT = "/api/media-uploads";
// One request of it is over in seconds on most lines, so little is sent twice.
const CHUNK_BYTES = 8 * 1_024 * 1_024;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const KEPT_PREFIX = "media-upload";

export type MediaUploadOptions = {
  /** Whose upload it is: nobody else goes on with it in this browser. */
  owner: string;
  /** The file's own name by default. */
  filename?: string;
  uniqueIdentifier?: string;
  /** Bytes that are on their way or have arrived, and bytes of the file. After a retry it may fall. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** The file is complete: its id as a media file. */
  onComplete?: (fileId: string) => void;
  /** All retries are used up, or a retry cannot help; `resume` tries again. */
  onFailure?: (error: AppError) => void;
};

export type MediaUpload = {
  /**
   * Sends the file. Goes on where an earlier upload of the same file, name and
   * identifier ended in this browser, also before a reload.
   */
  start(): Promise<void>;
  /** Stops sending; what has arrived stays for 24 hours. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops sending and removes what has arrived. */
  cancel(): Promise<void>;
};

/** Sends one file to the Studio in chunks, over a bad line too. Nothing is sent before `start`. */
export function createMediaUpload(
  file: File,
  options: MediaUploadOptions,
): MediaUpload {
  const { owner, filename = file.name, uniqueIdentifier = "" } = options;
  let upload: Upload | undefined;
  // A pause or cancel while the program or the earlier upload is looked up counts too.
  let turn = 0;

  async function start(): Promise<void> {
    const mine = (turn += 1);
    const made = (upload ??= await makeUpload());
    upload = made;
    if (made.url === null) {
      const [earlier] = newestFirst(await made.findPreviousUploads());
      if (earlier && mine === turn) made.resumeFromPreviousUpload(earlier);
    }
    if (mine === turn) made.start();
  }

  async function stop(isForGood: boolean): Promise<void> {
    turn += 1;
    // What cannot be removed now runs out by itself.
    await upload?.abort(isForGood).catch(() => undefined);
  }

  async function makeUpload(): Promise<Upload> {
    const tus = await import("tus-js-client");
    const made: Upload = new tus.Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      fingerprint: () =>
        Promise.resolve(fingerprintOf(owner, file, filename, uniqueIdentifier)),
      metadata: {
        Filename: filename,
        MimeType: file.type,
        Size: String(file.size),
        ...(uniqueIdentifier && { UniqueIdentifier: uniqueIdentifier }),
      },
      onShouldRetry: (error) => isWorthRetry(error),
      onProgress: (sent, total) => options.onProgress?.(sent, total),
      onSuccess: () => options.onComplete?.(made.url?.split("/").at(-1) ?? ""),
      onError: (error) => options.onFailure?.(readFailure(error)),
    });
    return made;
  }

  return {
    start,
    resume: start,
    pause: () => stop(false),
    cancel: () => stop(true),
  };
}

/** An upload of this browser that has not arrived whole; the same file has to be chosen again to go on. */
export type KeptUpload = {
  key: string;
  filename: string;
  /** Empty when it has none. The same one has to be given to go on. */
  uniqueIdentifier: string;
  sizeBytes: number;
  begunAt: string;
};

/** This person's uploads that a reload or a closed page ended, newest first; those of the last 24 hours. */
export async function listKeptUploads(owner: string): Promise<KeptUpload[]> {
  const { defaultOptions } = await import("tus-js-client");
  const all = await defaultOptions.urlStorage.findAllUploads();
  const begunAfterMs = Date.now() - 24 * 3_600_000;
  return newestFirst(all)
    .filter(
      ({ urlStorageKey, creationTime }) =>
        urlStorageKey.includes(keptPrefix(owner)) &&
        Date.parse(creationTime) > begunAfterMs,
    )
    .map(({ urlStorageKey, metadata, size, creationTime }) => ({
      key: urlStorageKey,
      filename: metadata["Filename"] ?? "",
      uniqueIdentifier: metadata["UniqueIdentifier"] ?? "",
      sizeBytes: size ?? 0,
      begunAt: creationTime,
    }));
}

/** Takes an upload off that list; what has arrived of it runs out by itself. */
export async function forgetKeptUpload(key: string): Promise<void> {
  const { defaultOptions } = await import("tus-js-client");
  await defaultOptions.urlStorage.removeUpload(key);
}

/** The same file under another name or identifier is another upload. */
function fingerprintOf(owner: string, file: File, ...given: string[]): string {
  const parts = [file.name, file.size, file.lastModified, ...given];
  return (
    keptPrefix(owner) + parts.map((part) => encodeURIComponent(part)).join("-")
  );
}

function keptPrefix(owner: string): string {
  return `${KEPT_PREFIX}-${encodeURIComponent(owner)}-`;
}

function newestFirst(uploads: PreviousUpload[]): PreviousUpload[] {
  return uploads.toSorted(
    (a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime),
  );
}

/** A used identifier stays used; a chunk whose offset is behind is asked for again. */
function isWorthRetry({
  originalRequest,
  originalResponse,
}: DetailedError): boolean {
  const status = originalResponse?.getStatus() ?? 0;
  if (status === 409) return originalRequest.getMethod() !== "POST";
  return status < 400 || status === 408 || status === 429 || status >= 500;
}

function readFailure(error: Error | DetailedError): AppError {
  const response = "originalResponse" in error && error.originalResponse;
  if (!response) {
    return new AppError(
      "unavailable",
      "The server could not be reached. Check the connection, then go on; what has arrived is kept for 24 hours.",
      { cause: error },
    );
  }
  return asAppError(
    new Response(null, { status: Math.max(200, response.getStatus()) }),
    parse(response.getBody()),
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
