import type { MediaInfo } from "@/lib/domain/media";

import type { ContentType } from "./content-type";

/** What a reader process can be asked of one file. */
export type ReaderResults = {
  type: ContentType;
  image: MediaInfo["image"] | undefined;
  video: MediaInfo["video"] | undefined;
  thumbnail: Uint8Array;
};

export type ReaderTask = keyof ReaderResults;

export type ToReader =
  | { type: "job"; task: ReaderTask; bytes: number; filename: string }
  | { type: "bytes"; data: Uint8Array };

/** It never opens a file itself: it asks for ranges, one at a time. */
export type FromReader =
  | { type: "ready" }
  | { type: "read"; start: number; endInclusive: number }
  | { type: "done"; result: unknown }
  | { type: "failed"; reason: string };
