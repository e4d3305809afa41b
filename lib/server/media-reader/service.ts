import "server-only";

import { availableParallelism } from "node:os";

import { AppError } from "@/lib/domain/errors";
import type { FileStore } from "@/lib/server/file-store/service";

import type { ReaderResults, ReaderTask } from "./reader-messages";
import { startReader, type ReaderProcess } from "./reader-process";

export { UnreadableContentError } from "./reader-process";

/** How long the content may keep a reader busy, in milliseconds. */
export const DEADLINE_MS: Record<ReaderTask, number> = {
  type: 5_000,
  image: 10_000,
  video: 20_000,
  thumbnail: 20_000,
};
const READERS_MAX = Math.min(2, availableParallelism());
const WAITING_MAX = 500;
const IDLE_MS_MAX = 60_000;

export type ContentFile = {
  store: FileStore;
  key: string;
  bytes: number;
  /** As the sender named it. */
  filename?: string;
};

export type MediaReader = {
  /**
   * Reads one thing out of a stored file, in a process of its own.
   *
   * @throws {UnreadableContentError} the content is not what it should be, or
   *   takes too long or too much memory.
   * @throws {AppError} `unavailable` when too much is waiting already, and what
   *   the store throws.
   */
  read<Task extends ReaderTask>(
    task: Task,
    file: ContentFile,
  ): Promise<ReaderResults[Task]>;
  /** Ends the processes; the next read starts new ones. */
  close(): void;
};

type Place = { reader?: ReaderProcess; idleTimer?: NodeJS.Timeout };

/** Readers that are started when they are needed, and end when they are not. */
export function createMediaReader({
  readersMax = READERS_MAX,
  deadlineMs = DEADLINE_MS,
} = {}): MediaReader {
  const free: Place[] = Array.from({ length: readersMax }, () => ({}));
  const places = [...free];
  const waiting: ((place: Place) => void)[] = [];

  async function takePlace(): Promise<Place> {
    // The one that worked last: the others may come to their end.
    const place = free.pop();
    if (place) return place;
    if (waiting.length >= WAITING_MAX) {
      throw new AppError(
        "unavailable",
        "Too many media files are being read at the moment. Try again in some seconds.",
        { retryAfterSeconds: 5 },
      );
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  function givePlace(place: Place): void {
    const next = waiting.shift();
    if (next) return next(place);
    free.push(place);
    place.idleTimer = setTimeout(() => end(place), IDLE_MS_MAX);
    place.idleTimer.unref();
  }

  function end(place: Place): void {
    place.reader?.kill();
    delete place.reader;
  }

  return {
    async read<Task extends ReaderTask>(task: Task, file: ContentFile) {
      const { store, key, bytes, filename = "" } = file;
      const place = await takePlace();
      clearTimeout(place.idleTimer);
      try {
        if (!place.reader?.isAlive()) place.reader = await startReader();
        const job = { type: "job" as const, task, bytes, filename };
        const ms = deadlineMs[task];
        const result = await place.reader.run(job, { store, key }, ms);
        return result as ReaderResults[Task];
      } finally {
        if (!place.reader?.isAlive()) end(place);
        givePlace(place);
      }
    },
    close: () => places.forEach(end),
  };
}

// Next loads this module several times in one process; processes are shared.
const shared = globalThis as typeof globalThis & {
  sourceStudioMediaReader?: MediaReader;
};

/** The readers of this process. */
export function appMediaReader(): MediaReader {
  return (shared.sourceStudioMediaReader ??= createMediaReader());
}
