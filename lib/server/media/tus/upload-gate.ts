import "server-only";

import { enterWork } from "@/lib/server/work-gate";

// Each holds a connection, an open file and little memory.
const CHUNKS = {
  name: "chunks",
  processMax: 256,
  actorMax: 64,
  message:
    "Too many chunks are being received at once. Send fewer files side by side, and this one again in a moment.",
};

/**
 * Lets one more chunk be received; call what it gives when that is over.
 *
 * @throws {AppError} `rate_limited` when this process or the sender has too
 *   many on their way.
 */
export function enterUpload(actorId: string): () => void {
  return enterWork(CHUNKS, actorId);
}
