import { describe, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";

import type { MediaUploadOptions } from "./media-upload";
import { MediaUploads } from "./media-uploads";

/** Uploads whose end the test decides, and what was asked of them. */
function createUploads() {
  const options = new Map<string, MediaUploadOptions>();
  const asked: string[] = [];
  const uploads = new MediaUploads((file, given) => {
    options.set(file.name, given);
    const note = (what: string) => () => {
      asked.push(`${what} ${file.name}`);
      return Promise.resolve();
    };
    return {
      ...{ start: note("start"), resume: note("resume") },
      ...{ pause: note("pause"), cancel: note("cancel") },
    };
  });
  const names = ["a", "b", "c", "d", "e"];
  uploads.add(
    "tenant/person",
    names.map((name) => new File(["x"], name)),
  );
  const ids = uploads.list().map(({ id }) => id);
  const states = () => uploads.list().map(({ state }) => state);
  return { uploads, options, asked, ids, states };
}

describe("MediaUploads", () => {
  test("sends three at once and the next when one has ended", () => {
    const { uploads, options, ids, states, asked } = createUploads();
    expect(asked).toEqual([]);
    uploads.start(ids);
    expect(states()).toEqual([
      ...["sending", "sending", "sending"],
      ...["waiting", "waiting"],
    ]);
    options.get("b")?.onComplete?.("file-b");
    options.get("a")?.onFailure?.(new AppError("conflict", "It is taken."));
    expect(states()).toEqual([
      "failed",
      "done",
      "sending",
      "sending",
      "sending",
    ]);
    expect(uploads.list()[0]?.problem).toBe("It is taken.");
    expect(uploads.list()[1]?.fileId).toBe("file-b");
  });

  test("gives a paused file's turn to the next, and goes on with it later", () => {
    const { uploads, ids, states, asked } = createUploads();
    uploads.start(ids.slice(0, 4));
    uploads.pause(ids[0] ?? 0);
    expect(states()).toEqual([
      ...["paused", "sending", "sending", "sending", "chosen"],
    ]);
    uploads.start([ids[0] ?? 0]);
    expect(states()[0]).toBe("waiting");
    uploads.remove(ids[1] ?? 0);
    expect(states()[0]).toBe("sending");
    expect(asked.filter((text) => text.endsWith(" a"))).toEqual([
      ...["start a", "pause a", "start a"],
    ]);
    expect(asked).toContain("cancel b");
  });

  test("passes on the identifier, and leaves a file alone that is listed already", () => {
    const { uploads, options, ids } = createUploads();
    const [id = 0] = ids;
    const [first] = uploads.list();
    if (first) uploads.add("tenant/person", [first.file]);
    expect(uploads.list()).toHaveLength(5);
    uploads.name(id, "A-1");
    uploads.start([id]);
    expect(options.get("a")?.uniqueIdentifier).toBe("A-1");
  });
});
