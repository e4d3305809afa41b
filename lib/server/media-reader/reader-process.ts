import "server-only";

import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { AppError } from "@/lib/domain/errors";
import type { ByteRange, FileStore } from "@/lib/server/file-store/service";

import type { FromReader, ToReader } from "./reader-messages";

const READER_PROGRAM = "lib/server/media-reader/reader.entry.ts";
/** For one range of at most 8 MiB. */
const STORE_MS_MAX = 90_000;
const HEAP_MB_MAX = 256;
/** Loading the decoders takes long on a machine under load. */
const START_MS_MAX = 30_000;

/** The content could not be read: broken, hostile, or none of what it seems to be. */
export class UnreadableContentError extends Error {}

export type ReaderProcess = {
  /**
   * Does one job, at most for `deadlineMs`; one at a time. After any failure
   * but `UnreadableContentError` with `isAlive()` the process must be replaced.
   *
   * @throws {UnreadableContentError} the content is at fault.
   * @throws what the store throws.
   */
  run(
    job: ToReader & { type: "job" },
    file: { store: FileStore; key: string },
    deadlineMs: number,
  ): Promise<unknown>;
  isAlive(): boolean;
  kill(): void;
};

/** A new process; it is ready when this resolves. Holds up no exit while it idles. */
export async function startReader(): Promise<ReaderProcess> {
  // The bundler of the Studio would look for the program as a part of itself.
  const child = fork(
    /* turbopackIgnore: true */ join(process.cwd(), READER_PROGRAM),
    {
      execArgv: [
        "--conditions=react-server",
        ...["--import", "tsx"],
        `--max-old-space-size=${HEAP_MB_MAX}`,
      ],
      // Nothing of ours: not the database's password, not the store's keys.
      env: { NODE_ENV: "production" },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    },
  );
  try {
    await converse(child, START_MS_MAX, (message, end) => {
      if (message.type === "ready") end();
    });
  } catch (error) {
    // No content was seen yet, so none is at fault.
    throw new AppError(
      "unavailable",
      "The program that reads media files did not start. Try again; if it stays, ask the administrator to look at the log.",
      { cause: error },
    );
  }
  rest(child);

  return {
    isAlive: () => child.connected && !child.killed && child.exitCode === null,
    kill: () => void child.kill("SIGKILL"),
    async run(job, { store, key }, deadlineMs) {
      child.ref();
      child.channel?.ref();
      const done = converse(child, deadlineMs, async (message, end) => {
        if (message.type === "done") return end(message.result);
        if (message.type === "failed")
          throw new UnreadableContentError(message.reason);
        if (message.type !== "read") return;
        const { start, endInclusive } = message;
        const range = { start, endInclusive };
        send(child, {
          type: "bytes",
          data: await readRange(store, key, range),
        });
      });
      send(child, job);
      try {
        return await done;
      } catch (error) {
        // It waits for bytes that never come, or for nothing at all any more.
        if (!(error instanceof UnreadableContentError)) child.kill("SIGKILL");
        throw error;
      } finally {
        rest(child);
      }
    },
  };
}

/**
 * Listens until `onMessage` ends it or throws. A process that dies or takes
 * too long is taken for what unreadable content does to it. The time that
 * `onMessage` needs is not the content's.
 */
function converse(
  child: ChildProcess,
  deadlineMs: number,
  onMessage: (
    message: FromReader,
    end: (result?: unknown) => void,
  ) => void | Promise<void>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let restMs = deadlineMs;
    let timer: NodeJS.Timeout | undefined;
    let startedAt = 0;
    let isOver = false;
    const stop = () => {
      isOver = true;
      clearTimeout(timer);
      child.off("message", hear).off("exit", onExit).off("error", fail);
    };
    const end = (result?: unknown) => {
      stop();
      resolve(result);
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const runClock = () => {
      if (isOver) return;
      startedAt = performance.now();
      timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail(new UnreadableContentError("The reader took too long."));
      }, restMs);
    };
    const hear = (message: FromReader) => {
      clearTimeout(timer);
      restMs = Math.max(0, restMs - (performance.now() - startedAt));
      (async () => onMessage(message, end))().then(runClock, fail);
    };
    const onExit = (code: number | null) =>
      fail(new UnreadableContentError(`The reader ended with ${code}.`));
    child.on("message", hear).on("exit", onExit).on("error", fail);
    runClock();
  });
}

async function readRange(
  store: FileStore,
  key: string,
  range: ByteRange,
): Promise<Uint8Array> {
  const stream = await store.read(key, range);
  const timer = setTimeout(() => {
    stream.destroy(
      new AppError(
        "unavailable",
        "The store that keeps media files is too slow at the moment. Try again later.",
      ),
    );
  }, STORE_MS_MAX);
  try {
    return await buffer(stream);
  } finally {
    clearTimeout(timer);
  }
}

function send(child: ChildProcess, message: ToReader): void {
  // A process that is gone is noticed by its exit.
  child.send(message, () => undefined);
}

function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
