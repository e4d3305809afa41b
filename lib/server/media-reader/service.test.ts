import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";
import {
  createDiskStore,
  makeFileKey,
  type FileStore,
} from "@/lib/server/file-store/service";

import {
  createMediaReader,
  DEADLINE_MS,
  UnreadableContentError,
  type ContentFile,
} from "./service";

let dir = "";
let file: ContentFile;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "source-studio-reader-"));
  const store = createDiskStore(dir);
  const key = makeFileKey(randomUUID(), randomUUID());
  const picture = await sharp({
    create: { width: 4_000, height: 3_000, channels: 3, background: "#08c" },
  })
    .png()
    .toBuffer();
  const { bytes } = await store.write(key, Readable.from([picture]));
  file = { store, key, bytes };
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const withStore = (store: Partial<FileStore>): ContentFile => ({
  ...file,
  store: { ...file.store, ...store },
});

test("a reader that takes too long is replaced, and the next file is read", async () => {
  const reader = createMediaReader({
    readersMax: 1,
    deadlineMs: { ...DEADLINE_MS, thumbnail: 1 },
  });
  for (let at = 0; at < 2; at += 1) {
    await expect(reader.read("thumbnail", file)).rejects.toThrow(
      UnreadableContentError,
    );
    expect(await reader.read("type", file)).toMatchObject({
      mimeType: "image/png",
    });
  }
  reader.close();
});

test("a slow store is not the content's fault", async () => {
  const reader = createMediaReader({
    readersMax: 1,
    deadlineMs: { ...DEADLINE_MS, type: 500 },
  });
  const slow = withStore({
    read: async (...args) => {
      await delay(700);
      return file.store.read(...args);
    },
  });
  expect(await reader.read("type", slow)).toMatchObject({ extension: "png" });
  reader.close();
});

test("a store that fails says so, and the next file is read", async () => {
  const reader = createMediaReader({ readersMax: 1 });
  const failure = new AppError("unavailable", "out of reach");
  const failing = withStore({ read: () => Promise.reject(failure) });
  await expect(reader.read("image", failing)).rejects.toBe(failure);
  expect(await reader.read("image", file)).toMatchObject({ width: 4_000 });
  reader.close();
});

test("many wait for few readers, each for its own answer", async () => {
  const reader = createMediaReader();
  const names = Array.from({ length: 50 }, (_, at) => `notes.x${at}`);
  const text = Buffer.from("plain words");
  const texts = withStore({
    read: () => Promise.resolve(Readable.from([text])),
  });
  const found = await Promise.all(
    names.map((filename) =>
      reader.read("type", { ...texts, bytes: text.length, filename }),
    ),
  );
  expect(found.map(({ extension }) => `notes.${extension}`)).toEqual(names);
  reader.close();
});
