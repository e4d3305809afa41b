import "server-only";

import {
  thumbnailKeyOf,
  type FileStore,
} from "@/lib/server/file-store/service";
import {
  appMediaReader,
  UnreadableContentError,
} from "@/lib/server/media-reader/service";

/** Pictures that are decoded; every other type has no thumbnail. */
export const THUMBNAIL_TYPES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/apng",
  "image/webp",
  "image/gif",
]);

export const THUMBNAIL_TYPE = "image/webp";

const REFUSED_MS = 10 * 60_000;
const REFUSED_MAX = 10_000;

const making = new Map<string, Promise<number | undefined>>();
/** Keys of pictures that could not be read, and until when they are not tried again. */
const refused = new Map<string, number>();

export type Thumbnail = { key: string; bytes: number };

/**
 * The thumbnail of the picture under `fileKey`: made on the first call, kept in
 * the store, made once however many ask at the same time. `undefined` when none
 * can be made: too many pixels, too large, broken.
 *
 * @throws what the store throws, and {AppError} `unavailable` when too much is
 *   waiting.
 */
export async function findThumbnail(
  store: FileStore,
  fileKey: string,
  fileBytes: number,
): Promise<Thumbnail | undefined> {
  const key = thumbnailKeyOf(fileKey);
  const stored = await store.size(key);
  if (stored !== undefined) return { key, bytes: stored };
  if ((refused.get(fileKey) ?? 0) > Date.now()) return undefined;

  let made = making.get(fileKey);
  if (!made) {
    made = makeThumbnail(store, fileKey, fileBytes).finally(() =>
      making.delete(fileKey),
    );
    making.set(fileKey, made);
  }
  const bytes = await made;
  return bytes === undefined ? undefined : { key, bytes };
}

async function makeThumbnail(
  store: FileStore,
  fileKey: string,
  fileBytes: number,
): Promise<number | undefined> {
  let thumbnail: Uint8Array;
  try {
    const file = { store, key: fileKey, bytes: fileBytes };
    thumbnail = await appMediaReader().read("thumbnail", file);
  } catch (error) {
    if (!(error instanceof UnreadableContentError)) throw error;
    if (refused.size >= REFUSED_MAX) refused.clear();
    refused.set(fileKey, Date.now() + REFUSED_MS);
    return undefined;
  }
  await store.write(thumbnailKeyOf(fileKey), once(thumbnail));
  return thumbnail.length;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
