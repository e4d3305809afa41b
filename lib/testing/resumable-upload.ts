import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

import { CHUNK_TYPE } from "./upload-client";

const AWAY_MS_MAX = 60_000;
const ASK_AGAIN_MS = 100;
const ASKED_MAX = 50;

/** A file too large to hold: each block is the same random bytes under a number of its own. */
export function makeLargeFile(bytes: number, blockBytes: number) {
  const block = randomBytes(blockBytes);
  return {
    bytes,
    /** The bytes from `start` on, to the end of their block. */
    read(start: number): Buffer {
      const number = Math.floor(start / blockBytes);
      const own = Buffer.from(block);
      own.writeUInt32LE(number, 0);
      const end = Math.min(blockBytes, bytes - number * blockBytes);
      return own.subarray(start - number * blockBytes, end);
    },
    /** Hex. */
    sha256(): string {
      const hash = createHash("sha256");
      for (let at = 0; at < bytes; at += blockBytes) hash.update(this.read(at));
      return hash.digest("hex");
    },
  };
}

export type LargeFile = ReturnType<typeof makeLargeFile>;

export type ServerAddress = { port: number; token: string };

const agent = new Agent({ keepAlive: true });

/**
 * Sends the file in blocks as a client does that resumes: when an answer does
 * not come it asks for the offset and goes on. Settles when all has arrived.
 * Gives how often it had to ask. `onBlock` is called as each block sets out.
 */
export async function sendLargeFile(
  { port, token }: ServerAddress,
  id: string,
  file: LargeFile,
  onBlock: (offset: number) => void = () => undefined,
): Promise<number> {
  const path = `/media/uploads/files/${id}`;
  const headers = {
    authorization: `Bearer ${token}`,
    "tus-resumable": "1.0.0",
  };
  let offset = 0;
  let asked = 0;
  while (offset < file.bytes) {
    const body = file.read(offset);
    const sending = callServer(port, "PATCH", path, body, {
      ...headers,
      "upload-offset": String(offset),
      "content-type": CHUNK_TYPE,
    });
    onBlock(offset);
    const answer = await sending.catch(() => undefined);
    if (answer?.status === 204) {
      offset = Number(answer.headers["upload-offset"]);
      continue;
    }
    asked += 1;
    if (asked > ASKED_MAX) throw new Error(`A chunk failed: ${answer?.text}`);
    offset = await askOffset(port, path, headers);
  }
  return asked;
}

async function askOffset(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const givenUpMs = performance.now() + AWAY_MS_MAX;
  while (performance.now() < givenUpMs) {
    const answer = await callServer(
      port,
      "HEAD",
      path,
      undefined,
      headers,
    ).catch(() => undefined);
    if (answer?.status === 200) return Number(answer.headers["upload-offset"]);
    if (answer && answer.status < 500) {
      throw new Error(`The offset was refused with ${answer.status}.`);
    }
    await delay(ASK_AGAIN_MS);
  }
  throw new Error("The server did not come back.");
}

/** One request to a server on this machine, over kept connections. */
export function callServer(
  port: number,
  method: string,
  path: string,
  body: Buffer | undefined,
  headers: Record<string, string>,
): Promise<{
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        method,
        path,
        headers: { ...headers, "content-length": body?.length ?? 0 },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The most memory that a process has had so far, in MB; Linux only, else NaN. */
export function peakMemoryMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1_024;
  } catch {
    return NaN;
  }
}
