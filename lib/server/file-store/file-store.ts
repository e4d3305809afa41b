import type { Readable } from "node:stream";

export type StoredFile = { key: string; bytes: number; modifiedAt: Date };

/** What was written: its length and its SHA-256 as 64 hex digits. */
export type WrittenFile = { bytes: number; sha256: string };

/** Both ends count: bytes 0 to 0 are one byte. */
export type ByteRange = { start: number; endInclusive: number };

/**
 * Where the bytes of media files are kept. Keys come from `storage-key.ts`
 * alone; any other text is refused with a `RangeError` before anything is
 * touched. A key is written once and never changed.
 *
 * Every method throws `AppError` `unavailable` when the store is full or out of
 * reach.
 */
export type FileStore = {
  /**
   * Keeps `body` and gives its length and hash. The file is visible, whole and
   * safe on disk, when this resolves; when it throws nothing is visible. What
   * `body` throws is thrown on as it is, and so is the reason of `signal`.
   */
  write(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<WrittenFile>;
  /**
   * Keeps the files under `parts`, one after another, as one more file; they
   * stay. Otherwise like `write`; memory does not grow with their length.
   *
   * @throws {AppError} `not_found` when one of them is missing.
   */
  join(
    key: string,
    parts: readonly string[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<WrittenFile>;
  /**
   * The bytes as a stream: read it to the end or destroy it. A range past the
   * end of the file gives what there is.
   *
   * @throws {AppError} `not_found` when nothing is stored under the key.
   */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Bytes of the file; `undefined` when there is none. */
  size(key: string): Promise<number | undefined>;
  /** Missing ones are no failure. When it throws some may be gone, and it can be called again. */
  remove(keys: string[]): Promise<void>;
  /** Every file whose key begins with `prefix`, which ends with a slash; in no order. */
  list(prefix: string): AsyncIterable<StoredFile>;
  /** Removes what writers that were killed left behind; gives how many pieces. */
  sweep(): Promise<number>;
};
