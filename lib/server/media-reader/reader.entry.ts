import { readContentType, HEAD_BYTES } from "./content-type";
import { makeThumbnail, readImageInfo } from "./image-content";
import type { FromReader, ToReader } from "./reader-messages";
import { readVideoInfo } from "./video-content";

// The process that opens what strangers sent. It has no settings, no database
// and no store; it may die at any time and is started again.

const IMAGE_HEAD_BYTES = 16 * 1024 * 1024;
const IMAGE_BYTES_MAX = 100 * 1024 * 1024;
const RANGE_BYTES_MAX = 8 * 1024 * 1024;
/** Above it the process ends, and with it what made it grow. */
const MEMORY_BYTES_MAX = 1_200 * 1024 * 1024;
const MEMORY_CHECK_MS = 100;

let giveBytes: (data: Uint8Array) => void = () => {};

process.on("message", (message: ToReader) => {
  if (message.type === "bytes") return giveBytes(message.data);
  work(message).then(
    (result) => send({ type: "done", result }),
    (error: unknown) => send({ type: "failed", reason: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
setInterval(() => {
  if (process.memoryUsage.rss() > MEMORY_BYTES_MAX) process.exit(3);
}, MEMORY_CHECK_MS);
send({ type: "ready" });

async function work(job: ToReader & { type: "job" }): Promise<unknown> {
  const { bytes } = job;
  if (job.task === "type")
    return readContentType(await readBytes(0, HEAD_BYTES, bytes), job.filename);
  if (job.task === "video")
    return readVideoInfo(bytes, (start, size) => readBytes(start, size, bytes));
  if (job.task === "image")
    return readImageInfo(await readBytes(0, IMAGE_HEAD_BYTES, bytes));
  if (bytes > IMAGE_BYTES_MAX) throw new Error("The file is too large.");
  return makeThumbnail(await readBytes(0, bytes, bytes));
}

/** Fewer at the end of the file. */
async function readBytes(
  start: number,
  size: number,
  fileBytes: number,
): Promise<Uint8Array> {
  const end = Math.min(start + size, fileBytes);
  const parts: Uint8Array[] = [];
  for (let at = start; at < end;) {
    const endInclusive = Math.min(at + RANGE_BYTES_MAX, end) - 1;
    const part = await new Promise<Uint8Array>((resolve) => {
      giveBytes = resolve;
      send({ type: "read", start: at, endInclusive });
    });
    if (part.length === 0) break;
    parts.push(part);
    at += part.length;
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function send(message: FromReader): void {
  process.send?.(message);
}
