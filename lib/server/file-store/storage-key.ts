import "server-only";

import { randomUUID } from "node:crypto";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const KEY = new RegExp(
  `^(?:files/(${UUID})/(${UUID})/${UUID}|thumbs/(${UUID})/(${UUID})/${UUID}/small|parts/(${UUID})/(${UUID})/[0-9]{12}-${UUID})$`,
);
const PREFIX = new RegExp(`^(?:files|thumbs|parts)/(?:${UUID}/){0,3}$`);

/** Whose bytes a key names. */
export type KeyOwner = {
  kind: "files" | "thumbs" | "parts";
  tenantId: string;
  fileId: string;
};

/** A new key for one attempt to store the file: two workers never write the same one. */
export function makeFileKey(tenantId: string, fileId: string): string {
  return checkKey(`files/${tenantId}/${fileId}/${randomUUID()}`);
}

/** A new key for a piece of an unfinished upload. Keys of one upload sort by `offset`, in bytes. */
export function makePartKey(
  tenantId: string,
  fileId: string,
  offset: number,
): string {
  const digits = String(offset).padStart(12, "0");
  return checkKey(`parts/${tenantId}/${fileId}/${digits}-${randomUUID()}`);
}

/** Where the thumbnail of the file under `fileKey` is kept. */
export function thumbnailKeyOf(fileKey: string): string {
  const [, ...rest] = checkKey(fileKey).split("/");
  return checkKey(`thumbs/${rest.join("/")}/small`);
}

/** Where in the upload the piece under `partKey` begins, in bytes. */
export function partOffsetOf(partKey: string): number {
  return Number(checkKey(partKey).split("/")[3]?.slice(0, 12));
}

/** Beginning of every key of one kind that a file, a tenant or everybody has. */
export function keyPrefix(
  kind: KeyOwner["kind"],
  tenantId?: string,
  fileId?: string,
): string {
  const parts = [kind, tenantId, fileId].filter((part) => part !== undefined);
  return checkPrefix(`${parts.join("/")}/`);
}

/** @throws {RangeError} the text is no key. */
export function ownerOfKey(key: string): KeyOwner {
  const [kind, tenantId = "", fileId = ""] = checkKey(key).split("/");
  return { kind: kind as KeyOwner["kind"], tenantId, fileId };
}

/** @throws {RangeError} the text is not of a shape that is made here. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError("This is no key of a stored file.");
  return key;
}

/** @throws {RangeError} the text does not begin a key, or not with whole parts. */
export function checkPrefix(prefix: string): string {
  if (!PREFIX.test(prefix))
    throw new RangeError("This is no beginning of keys of stored files.");
  return prefix;
}
