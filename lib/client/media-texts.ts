import type { MediaFile, MediaState } from "@/lib/domain/media";
import type { MediaKind } from "@/lib/domain/media-type";

import { formatBytes } from "./format-number";

export const STATE_NAMES: Record<MediaState, string> = {
  created: "Waiting",
  progress: "Downloading",
  failed: "Failed",
  cancelled: "Cancelled",
  completed: "Done",
};

export const KIND_NAMES: Record<MediaKind, string> = {
  image: "Images",
  video: "Videos",
  audio: "Audio",
  document: "Documents",
  other: "Other files",
};

/** "1.2 of 4.8 MB", "1.2 MB" while nobody knows how much there is. */
export function arrivedText({
  arrivedBytes,
  sizeBytes,
}: Pick<MediaFile, "arrivedBytes" | "sizeBytes">): string {
  return sizeBytes === null
    ? formatBytes(arrivedBytes)
    : `${formatBytes(arrivedBytes)} of ${formatBytes(sizeBytes)}`;
}

export function isOpen({ state }: Pick<MediaFile, "state">): boolean {
  return state === "created" || state === "progress";
}
