import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

// The reference of the upload figure: a body, to disk and synced, as one PUT.
const dir = process.env.BARE_DIR ?? "";
let files = 0;

createServer((incoming, outgoing) => {
  if (incoming.method !== "PUT") {
    outgoing.end("ok");
    return;
  }
  const path = join(dir, `bare-${(files += 1)}`);
  const keep = async () => {
    await pipeline(incoming, createWriteStream(path));
    const handle = await open(path, "r+");
    await handle.sync();
    await handle.close();
    outgoing.end();
    await rm(path);
  };
  keep().catch((error: Error) => outgoing.destroy(error));
})
  .listen(Number(process.env.BARE_PORT), "127.0.0.1")
  .setTimeout(0).requestTimeout = 0;
