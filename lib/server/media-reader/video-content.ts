import mediaInfoFactory from "mediainfo.js";

import type { MediaInfo } from "@/lib/domain/media";

type Video = NonNullable<MediaInfo["video"]>;
type ReadRange = (start: number, bytes: number) => Promise<Uint8Array>;

const CHUNK_BYTES = 256 * 1024;
/** A well-made file says all within one or two; others may not keep us reading. */
const READ_BYTES_MAX = 64 * 1024 * 1024;
/** Width to height of what cameras and players know. */
const USUAL_RATIOS = [
  [16, 9],
  [4, 3],
  [1, 1],
  [3, 2],
  [21, 9],
  [5, 4],
] as const;
/** Coded sizes are rounded to whole blocks: 854 x 480 is meant to be 16:9. */
const RATIO_TOLERANCE = 0.005;

/**
 * Length and shape of a video as it is shown, read by ranges wherever in the
 * file they stand. `undefined` when the file has no picture.
 */
export async function readVideoInfo(
  bytes: number,
  readRange: ReadRange,
): Promise<Video | undefined> {
  let bytesRead = 0;
  const reader = await mediaInfoFactory({
    format: "object",
    chunkSize: CHUNK_BYTES,
  });
  try {
    const { media } = await reader.analyzeData(bytes, async (size, offset) => {
      bytesRead += size;
      if (bytesRead > READ_BYTES_MAX)
        throw new Error("The video says nothing of itself within the limit.");
      return await readRange(offset, size);
    });
    const video = media?.track.find((track) => track["@type"] === "Video");
    const general = media?.track.find((track) => track["@type"] === "General");
    if (video?.["@type"] !== "Video" || !video.Width || !video.Height)
      return undefined;
    const duration =
      video.Duration ??
      (general?.["@type"] === "General" ? general.Duration : undefined);
    const isTurned = Math.abs(Number(video.Rotation ?? 0)) % 180 === 90;
    const width = video.Width * (video.PixelAspectRatio ?? 1);
    return {
      durationInSeconds: wholeSeconds(duration),
      aspectRatio: isTurned
        ? ratioOf(video.Height, width)
        : ratioOf(width, video.Height),
    };
  } finally {
    reader.close();
  }
}

function wholeSeconds(seconds: number | undefined): number {
  return seconds !== undefined && Number.isFinite(seconds) && seconds > 0
    ? Math.round(seconds)
    : 0;
}

/** The smallest whole numbers; those that are usual when the size is near them. */
export function ratioOf(width: number, height: number): Video["aspectRatio"] {
  for (const [long, short] of USUAL_RATIOS) {
    if (isNear(width / height, long / short))
      return { width: long, height: short };
    if (isNear(height / width, long / short))
      return { width: short, height: long };
  }
  const [whole, high] = [Math.round(width), Math.round(height)];
  const divisor = greatestDivisor(whole, high);
  return { width: whole / divisor, height: high / divisor };
}

function isNear(ratio: number, usual: number): boolean {
  return Math.abs(ratio / usual - 1) <= RATIO_TOLERANCE;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? Math.max(1, a) : greatestDivisor(b, a % b);
}
