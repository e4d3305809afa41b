import "server-only";

import { LinkFailure } from "./link-failure";

export type FetchWatch = {
  /** Ends when the caller wants it or a wait took too long. */
  readonly signal: AbortSignal;
  /**
   * Waits for something of the remote side, at most so long.
   *
   * @throws {LinkFailure} `too_slow`, which ends the whole fetch.
   * @throws the caller's reason when the caller stops it.
   */
  wait<T>(msMax: number, promise: Promise<T>): Promise<T>;
  /** Lets go of the caller's signal. */
  end(): void;
};

/**
 * Watches the time of one fetch. It counts waiting only, so that a slow disk
 * on our side is not held against the remote server, and it does not ask what
 * arrived meanwhile: a byte now and then buys no time.
 */
export function watchFetch(caller: AbortSignal): FetchWatch {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => {
    controller.abort(caller.reason);
  };
  caller.addEventListener("abort", stop, { once: true });
  if (caller.aborted) stop();

  return {
    signal,
    async wait(msMax, promise) {
      const timer = setTimeout(
        () => {
          controller.abort(new LinkFailure("too_slow"));
        },
        Math.max(msMax, 0),
      );
      try {
        return await unlessAborted(promise, signal);
      } finally {
        clearTimeout(timer);
      }
    },
    end() {
      caller.removeEventListener("abort", stop);
    },
  };
}

/**
 * Waits for a promise until `signal` aborts, then throws its reason. Does not
 * wait for a request to notice: while it connects, it does not.
 */
export function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
    });
  });
}
