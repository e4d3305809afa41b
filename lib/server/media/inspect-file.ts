import "server-only";

import type { MediaInfo } from "@/lib/domain/media";
import { extensionOf, UNKNOWN_MEDIA_TYPE } from "@/lib/domain/media-type";
import type { FileStore } from "@/lib/server/file-store/service";
import { log } from "@/lib/server/log";
import {
  appMediaReader,
  UnreadableContentError,
} from "@/lib/server/media-reader/service";

import { THUMBNAIL_TYPES } from "./thumbnail";

export type InspectedFile = {
  mimeType: string;
  /** Lower case, without the dot. */
  extension: string;
  /** Null for what is no picture or video, and for what could not be read. */
  mediaInfo: MediaInfo | null;
};

/**
 * What a stored file is, by its content; its name decides only what the content
 * leaves open. However broken or hostile the content is there is an answer
 * within about a minute, with bounded memory.
 *
 * @throws what the store throws, and {AppError} `unavailable` when too much is
 *   waiting to be read: try again later.
 */
export async function inspectFile(
  store: FileStore,
  key: string,
  { bytes, filename }: { bytes: number; filename: string },
): Promise<InspectedFile> {
  const file = { store, key, bytes, filename };
  const type = await orUndefined("type", () =>
    appMediaReader().read("type", file),
  );
  if (!type) {
    const extension = extensionOf(filename);
    return { mimeType: UNKNOWN_MEDIA_TYPE, extension, mediaInfo: null };
  }
  return { ...type, mediaInfo: await readMediaInfo(type.mimeType, file) };
}

async function readMediaInfo(
  mimeType: string,
  file: { store: FileStore; key: string; bytes: number },
): Promise<MediaInfo | null> {
  if (THUMBNAIL_TYPES.has(mimeType)) {
    const image = await orUndefined("image", () =>
      appMediaReader().read("image", file),
    );
    return image ? { image } : null;
  }
  if (mimeType.startsWith("video/")) {
    const video = await orUndefined("video", () =>
      appMediaReader().read("video", file),
    );
    return video ? { video } : null;
  }
  return null;
}

/** A file that cannot be read is still a file: it is kept without what would have been read. */
async function orUndefined<T>(
  part: string,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableContentError)) throw error;
    log.debug({ part, reason: error.message.slice(0, 200) }, "unreadable file");
    return undefined;
  }
}
