import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createDiskStore,
  setAppFileStore,
  type FileStore,
} from "@/lib/server/file-store/service";

import type { TestDb } from "./db";
import type { WireMount } from "./wire-mounts";
import type { WireProvider } from "./wire-provider";

export const CHUNK_TYPE = "application/offset+octet-stream";

/** A store of the test's own, which is also `appFileStore()` until `close`. */
export async function createTestStore(): Promise<{
  store: FileStore;
  close: () => Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), "source-studio-files-"));
  const store = createDiskStore(dir);
  setAppFileStore(store);
  return {
    store,
    async close() {
      setAppFileStore(undefined);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** `Upload-Metadata` as clients write it. */
export function metadataOf(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, text]) => `${key} ${Buffer.from(text).toString("base64")}`)
    .join(",");
}

/** Speaks the protocol the way the official client does: no header more, no status looked at. */
export function createUploadClient(mount: WireMount, token: string) {
  const common = {
    authorization: `Bearer ${token}`,
    "tus-resumable": "1.0.0",
  };
  const create = (
    length: number | string,
    values: Record<string, string>,
    more: Record<string, string> = {},
  ) =>
    mount.fetch("/media/uploads/files", {
      method: "POST",
      headers: {
        ...common,
        "upload-length": String(length),
        "upload-offset": "0",
        "upload-metadata": metadataOf(values),
        ...more,
      },
    });
  return {
    common,
    create,
    /** The id of a new upload. */
    async begin(
      length: number,
      values: Record<string, string> = { Filename: "chair.bin" },
    ): Promise<string> {
      const answer = await create(length, values);
      const location = answer.headers.get("location");
      if (location === null) throw new Error(await answer.text());
      return location.slice(location.lastIndexOf("/") + 1);
    },
    patch: (
      id: string,
      offset: number | string,
      body: BodyInit | null,
      more: Record<string, string> = {},
    ) =>
      mount.fetch(`/media/uploads/files/${id}`, {
        method: "PATCH",
        headers: {
          ...common,
          "upload-offset": String(offset),
          "content-type": CHUNK_TYPE,
          ...more,
        },
        body,
        ...(body instanceof ReadableStream && { duplex: "half" }),
      }),
    ask: (id: string) =>
      mount.fetch(`/media/uploads/files/${id}`, {
        method: "HEAD",
        headers: common,
      }),
    end: (id: string) =>
      mount.fetch(`/media/uploads/files/${id}`, {
        method: "DELETE",
        headers: common,
      }),
  };
}

export type UploadClient = ReturnType<typeof createUploadClient>;

/** A token of the provider. */
export async function tokenOf(
  mount: WireMount,
  { id, secret }: WireProvider,
): Promise<string> {
  const answer = await mount.fetch("/dataProviders/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, secret }),
  });
  const { result } = (await answer.json()) as {
    result: { accessToken: string };
  };
  return result.accessToken;
}

/** A media file's row and bytes; undefined when there is no row. */
export async function storedUpload(
  { db }: Pick<TestDb, "db">,
  store: FileStore,
  id: string,
): Promise<
  { state: string; arrived: number; bytes: Buffer | undefined } | undefined
> {
  const [row] = await db.rows<{
    state: string;
    arrived: number;
    key: string | null;
  }>(
    `select state, arrived_bytes as arrived, storage_key as key from media_files where id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { state, arrived, key } = row;
  if (key === null) return { state, arrived, bytes: undefined };
  const pieces: Buffer[] = [];
  for await (const piece of await store.read(key)) pieces.push(piece as Buffer);
  return { state, arrived, bytes: Buffer.concat(pieces) };
}

/** Keys of everything that the store holds. */
export async function storedKeys(store: FileStore): Promise<string[]> {
  const keys: string[] = [];
  for (const prefix of ["files/", "parts/"]) {
    for await (const { key } of store.list(prefix)) keys.push(key);
  }
  return keys;
}

/** Bytes that no other call gives. */
export const someBytes = (count: number): Buffer => randomBytes(count);
