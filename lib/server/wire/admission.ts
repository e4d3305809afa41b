import "server-only";

import { AppError } from "@/lib/domain/errors";

/**
 * How much import work one process takes on (security.md R9). Bodies are
 * counted as their bytes arrive, so slow senders hold no more than they sent.
 */
export const ADMISSION = {
  /** Bytes of all bodies held at once, waiting or in work. */
  bytesHeldMax: 200_000_000,
  /** Requests held at once. */
  requestsMax: 1_000,
  /** Transactions at once: fewer than the pool has connections, so that reads get theirs. */
  runningMax: 6,
  /** Bytes in work at once; one larger body runs alone. Parsed, a body is some five times as large. */
  bytesRunningMax: 60_000_000,
} as const;

export type AdmissionLimits = {
  readonly [limit in keyof typeof ADMISSION]: number;
};

/** What one request holds. */
export type Hold = {
  readonly bytes: number;
  /**
   * @throws {AppError} `rate_limited` when the process holds too much, or when
   *   the request has given all back: a body may still be arriving by then.
   */
  add(bytes: number): void;
  /** Gives all back; to be called once, whatever happened. */
  release(): void;
};

export type Admission = {
  /** @throws {AppError} `rate_limited` at once when the process has enough to do. */
  enter(): Hold;
  /** Runs work of that many bytes when its turn comes, in order of arrival. */
  run<T>(bytes: number, work: () => Promise<T>): Promise<T>;
};

/** Limits import work of a process: some runs, some waits, the rest is told to come back. */
export function createAdmission(
  limits: AdmissionLimits = ADMISSION,
): Admission {
  const waiting: { bytes: number; start: () => void }[] = [];
  let requests = 0;
  let bytesHeld = 0;
  let running = 0;
  let bytesRunning = 0;

  function enter(): Hold {
    if (requests >= limits.requestsMax) throw tooBusy();
    requests += 1;
    let own = 0;
    let isReleased = false;
    return {
      get bytes() {
        return own;
      },
      add(bytes) {
        // The first one is taken whatever its size, or nobody ever would be.
        const isAlone = bytesHeld === own;
        const isFull = !isAlone && bytesHeld + bytes > limits.bytesHeldMax;
        if (isReleased || isFull) throw tooBusy();
        own += bytes;
        bytesHeld += bytes;
      },
      release() {
        isReleased = true;
        requests -= 1;
        bytesHeld -= own;
        own = 0;
      },
    };
  }

  function hasRoom(bytes: number): boolean {
    if (running === 0) return true;
    return (
      running < limits.runningMax &&
      bytesRunning + bytes <= limits.bytesRunningMax
    );
  }

  async function run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (waiting.length > 0 || !hasRoom(bytes)) {
      await new Promise<void>((start) => {
        waiting.push({ bytes, start });
      });
    } else {
      running += 1;
      bytesRunning += bytes;
    }
    try {
      return await work();
    } finally {
      running -= 1;
      bytesRunning -= bytes;
      startNext();
    }
  }

  function startNext(): void {
    for (
      let next = waiting[0];
      next && hasRoom(next.bytes);
      next = waiting[0]
    ) {
      waiting.shift();
      // Counted before it goes on, so that the room is not given away twice.
      running += 1;
      bytesRunning += next.bytes;
      next.start();
    }
  }

  return { enter, run };
}

function tooBusy(): AppError {
  return new AppError(
    "rate_limited",
    "The server has as many imports in work as it can hold. Send this one again in a few seconds.",
    { retryAfterSeconds: 5 },
  );
}
