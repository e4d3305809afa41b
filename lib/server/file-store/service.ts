import "server-only";

import { join } from "node:path";

import { env } from "@/lib/server/env";

import { createDiskStore } from "./disk-store";
import type { FileStore } from "./file-store";
import { createS3Store } from "./s3-store";

export { createDiskStore } from "./disk-store";
export type {
  ByteRange,
  FileStore,
  StoredFile,
  WrittenFile,
} from "./file-store";
export { createS3Store, type S3Options } from "./s3-store";
export {
  keyPrefix,
  makeFileKey,
  makePartKey,
  ownerOfKey,
  partOffsetOf,
  thumbnailKeyOf,
} from "./storage-key";

// Next loads this module several times in one process; connections are shared.
const shared = globalThis as typeof globalThis & {
  sourceStudioFileStore?: FileStore | undefined;
};

/** The store that the settings name; nothing is opened before its first use. */
export function appFileStore(): FileStore {
  return (shared.sourceStudioFileStore ??= makeAppStore());
}

/** Puts a test's own store into the place of `appFileStore()`; `undefined` takes it out. */
export function setAppFileStore(store: FileStore | undefined): void {
  shared.sourceStudioFileStore = store;
}

function makeAppStore(): FileStore {
  const settings = env();
  if (settings.MEDIA_STORE === "disk" || settings.S3_BUCKET === undefined)
    return createDiskStore(join(settings.DATA_DIR, "media"));
  return createS3Store({
    bucket: settings.S3_BUCKET,
    region: settings.S3_REGION,
    endpoint: settings.S3_ENDPOINT,
    accessKeyId: settings.S3_ACCESS_KEY_ID,
    secretAccessKey: settings.S3_SECRET_ACCESS_KEY,
  });
}
