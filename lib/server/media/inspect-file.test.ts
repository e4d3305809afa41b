import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createDiskStore,
  makeFileKey,
  type FileStore,
} from "@/lib/server/file-store/service";
import { appMediaReader } from "@/lib/server/media-reader/service";
import { readSharedBytes, readSharedData } from "@/lib/testing/shared-data";
import { makeMp4, makeWebm } from "@/lib/testing/video-samples";

import { inspectFile } from "./inspect-file";
import { findThumbnail } from "./thumbnail";

let dir = "";
let store: FileStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "source-studio-inspect-"));
  store = createDiskStore(dir);
});
afterAll(async () => {
  appMediaReader().close();
  await rm(dir, { recursive: true, force: true });
});

async function keep(content: Buffer | string): Promise<[string, number]> {
  const key = makeFileKey(randomUUID(), randomUUID());
  const { bytes } = await store.write(
    key,
    Readable.from([Buffer.from(content)]),
  );
  return [key, bytes];
}

async function inspect(content: Buffer | string, filename: string) {
  const [key, bytes] = await keep(content);
  return inspectFile(store, key, { bytes, filename });
}

async function thumbnailOf(content: Buffer) {
  const [key, bytes] = await keep(content);
  const found = await findThumbnail(store, key, bytes);
  if (!found) return undefined;
  const thumbnail = Buffer.concat(
    (await (await store.read(found.key)).toArray()) as Buffer[],
  );
  expect(thumbnail).toHaveLength(found.bytes);
  return sharp(thumbnail).metadata();
}

const picture = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: { r: 200, g: 80, b: 0 } },
  });

describe("pictures", () => {
  test("tell their size as they are shown, and their resolution", async () => {
    const turned = await picture(500, 300)
      .jpeg()
      .withMetadata({ density: 300, orientation: 6 })
      .toBuffer();
    expect(await inspect(turned, "a.JPEG")).toEqual({
      mimeType: "image/jpeg",
      extension: "jpeg",
      mediaInfo: {
        image: {
          ...{ width: 300, height: 500 },
          resolution: { horizontal: 300, vertical: 300 },
        },
      },
    });
  });

  test("have 72 pixels an inch when they do not say", async () => {
    for (const format of ["png", "webp", "gif"] as const) {
      const content = await picture(40, 30).toFormat(format).toBuffer();
      expect(await inspect(content, `a.${format}`)).toEqual({
        mimeType: `image/${format}`,
        extension: format,
        mediaInfo: {
          image: {
            ...{ width: 40, height: 30 },
            resolution: { horizontal: 72, vertical: 72 },
          },
        },
      });
    }
  });

  test("are told by their content, not by their name", async () => {
    const content = await picture(4, 3).png().toBuffer();
    for (const name of ["a.jpg", "a.html", "a", "a.exe"]) {
      expect(await inspect(content, name)).toMatchObject({
        mimeType: "image/png",
        extension: "png",
      });
    }
  });

  test("are kept without size when they are broken", async () => {
    const content = await picture(900, 900).png().toBuffer();
    expect(await inspect(content.subarray(0, 20), "a.png")).toMatchObject({
      mimeType: "image/png",
      mediaInfo: null,
    });
    expect(await inspect("GIF89a", "a.gif")).toMatchObject({ mediaInfo: null });
    expect(await inspect("", "a.png")).toEqual({
      ...{ mimeType: "application/octet-stream", extension: "png" },
      mediaInfo: null,
    });
  });
});

describe("videos", () => {
  test.each([
    [{ width: 1920, height: 1080, seconds: 12.4 }, 12, 16, 9],
    [{ width: 854, height: 480, seconds: 59.6 }, 60, 16, 9],
    [{ width: 640, height: 480, seconds: 3_600 }, 3_600, 4, 3],
    [{ width: 1080, height: 1080, seconds: 1 }, 1, 1, 1],
    [{ width: 1000, height: 300, seconds: 2 }, 2, 10, 3],
  ])("%j tell length and shape", async (shape, seconds, width, height) => {
    const { start, end } = makeMp4(shape);
    const mp4 = Buffer.concat([start, Buffer.alloc(8), end]);
    const video = {
      durationInSeconds: seconds,
      aspectRatio: { width, height },
    };
    expect(await inspect(mp4, "a.mp4")).toEqual({
      ...{ mimeType: "video/mp4", extension: "mp4" },
      mediaInfo: { video },
    });
    expect(await inspect(makeWebm(shape), "a.webm")).toEqual({
      ...{ mimeType: "video/webm", extension: "webm" },
      mediaInfo: { video },
    });
  });

  test("are upright when a phone wrote them turned", async () => {
    const { start, end } = makeMp4({
      ...{ width: 1920, height: 1080, seconds: 5, rotation: 90 },
    });
    const mp4 = Buffer.concat([start, Buffer.alloc(8), end]);
    expect((await inspect(mp4, "a.mp4")).mediaInfo?.video?.aspectRatio).toEqual(
      { width: 9, height: 16 },
    );
  });

  test("of two gigabytes are described by reading a few of them", async () => {
    const mdatBytes = 2_000_000_000;
    const { start, end } = makeMp4(
      { width: 1280, height: 720, seconds: 7_200 },
      mdatBytes,
    );
    const endAt = start.length + mdatBytes;
    let bytesRead = 0;
    const virtual: FileStore = {
      ...store,
      read: (_, range = { start: 0, endInclusive: 0 }) => {
        const bytes = Buffer.alloc(range.endInclusive - range.start + 1);
        bytesRead += bytes.length;
        if (range.start === 0) start.copy(bytes);
        for (const [at, value] of end.entries()) {
          const place = endAt + at - range.start;
          if (place >= 0 && place < bytes.length) bytes[place] = value;
        }
        return Promise.resolve(Readable.from([bytes]));
      },
    };
    const found = await inspectFile(
      virtual,
      makeFileKey(randomUUID(), randomUUID()),
      { bytes: endAt + end.length, filename: "a.mp4" },
    );
    expect(found.mediaInfo?.video?.durationInSeconds).toBe(7_200);
    expect(bytesRead).toBeLessThan(4_000_000);
  });

  test("are kept without length when they are cut off or no video at all", async () => {
    const { start } = makeMp4({ width: 16, height: 9, seconds: 1 });
    expect(await inspect(start, "a.mp4")).toMatchObject({
      ...{ mimeType: "video/mp4", mediaInfo: null },
    });
  });
});

describe("everything else", () => {
  test.each([
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml"],
    [
      "\ufeff<?xml version='1.0'?><!-- a --><!DOCTYPE svg [<!ENTITY a '<html>'>]>\n<svg><script/></svg>",
      "a.png",
      "image/svg+xml",
    ],
    ["<!DOCTYPE html><svg>", "a.svg", "text/html"],
    ["<!-- x --><html><svg/></html>", "photo.png", "text/html"],
    ["<script>alert(1)</script>", "photo.jpg", "text/html"],
    ["alert(1)", "x.js", "text/javascript"],
    ["a;b\n1;2\n", "prices.csv", "text/csv"],
    ["plain words", "photo.png", "text/plain"],
    ["%PDF-1.7\n", "photo.png", "application/pdf"],
    [Buffer.from([0, 1, 2, 255]), "photo.png", "application/octet-stream"],
    [Buffer.from("\xff\xfea\0<\0"), "x.bin", "application/octet-stream"],
  ])("%j named %s is %s", async (content, filename, mimeType) => {
    const found = await inspect(content, filename);
    expect(found).toMatchObject({ mimeType, mediaInfo: null });
  });

  test("keeps an extension that fits, and drops one that misleads", async () => {
    expect((await inspect("plain words", "photo.png")).extension).toBe("txt");
    expect((await inspect("plain words", "notes.log")).extension).toBe("log");
    expect((await inspect("<html></html>", "a.png")).extension).toBe("html");
  });
});

describe("thumbnails", () => {
  test("fit into 400 pixels, upright, without metadata, never enlarged", async () => {
    const turned = await picture(1200, 600)
      .jpeg()
      .withMetadata({ orientation: 6, exif: { IFD0: { Artist: "somebody" } } })
      .toBuffer();
    const found = await thumbnailOf(turned);
    expect(found).toMatchObject({ format: "webp", width: 200, height: 400 });
    expect(found?.exif).toBeUndefined();
    expect(found?.orientation).toBeUndefined();

    const small = await picture(40, 30).png().toBuffer();
    expect(await thumbnailOf(small)).toMatchObject({ width: 40, height: 30 });
  });

  test("are made once however many ask at the same time", async () => {
    const [key, bytes] = await keep(await picture(600, 600).png().toBuffer());
    let writes = 0;
    const counting: FileStore = {
      ...store,
      write: (...args) => {
        writes += 1;
        return store.write(...args);
      },
    };
    const found = await Promise.all(
      Array.from({ length: 20 }, () => findThumbnail(counting, key, bytes)),
    );
    expect(new Set(found.map((one) => one?.key)).size).toBe(1);
    expect(writes).toBe(1);
  });

  test("are not made of what is no picture inside", async () => {
    expect(await thumbnailOf(Buffer.from("GIF89a/*"))).toBeUndefined();
  });
});

describe("hostile files", () => {
  const cases = Object.keys(
    JSON.parse(readSharedData("hostile/media/cases.json")) as object,
  );
  const EXPECTED = new Map([
    ["00-control.png", { mimeType: "image/png", hasThumbnail: true }],
    [
      "02-pixel-flood-30000.png",
      { mimeType: "image/png", hasThumbnail: false },
    ],
    ["10-gif-js-polyglot.gif", { mimeType: "image/gif", hasThumbnail: false }],
    ["14-svg-xxe.svg", { mimeType: "image/svg+xml", hasThumbnail: false }],
    [
      "15-svg-external-image.svg",
      { mimeType: "image/svg+xml", hasThumbnail: false },
    ],
    ["18-svg-huge.svg", { mimeType: "image/svg+xml", hasThumbnail: false }],
    ["21-pdf-js.pdf", { mimeType: "application/pdf", hasThumbnail: false }],
  ]);

  test.each(cases)("%s is known for what it is", async (name) => {
    const content = readSharedBytes(`hostile/media/${name}`);
    const { mimeType, mediaInfo } = await inspect(content, name);
    const expected = EXPECTED.get(name);
    expect(mimeType).toBe(expected?.mimeType);
    const isReadable = mimeType === "image/png";
    expect(mediaInfo !== null).toBe(isReadable);
    expect((await thumbnailOf(content)) !== undefined).toBe(
      expected?.hasThumbnail,
    );
  });
});
