import type { MediaFile, MediaState } from "@/lib/domain/media";

export type StateCounts = Record<MediaState, number>;

export function countStates(files: readonly MediaFile[]): StateCounts {
  const counts: StateCounts = {
    ...{ created: 0, progress: 0, failed: 0, cancelled: 0, completed: 0 },
  };
  for (const { state } of files) counts[state] += 1;
  return counts;
}
