import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";

// The reference of served files: node:http and a pipe, the same file whoever asks for what.
const path = process.env.BARE_FILE ?? "";

createServer((incoming, outgoing) => {
  if (incoming.url === "/health") {
    outgoing.end("ok");
    return;
  }
  outgoing.writeHead(200, { "content-length": statSync(path).size });
  createReadStream(path, { highWaterMark: 256 * 1024 }).pipe(outgoing);
}).listen(Number(process.env.BARE_PORT), "127.0.0.1");
