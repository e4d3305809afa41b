import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import sharp from "sharp";

/** A server with files to link to, on this machine; the Studio of the tests may fetch from it. */
export type MediaOrigin = {
  /**
   * `/ok/…` is a picture, `/page` a web page, `/status/404` that status,
   * `/empty` nothing; `/slow/…` begins a picture and goes on when it is told.
   */
  url: string;
  /** What `/repaired` answers: 500 until this is called, then the picture. */
  repair(): void;
  /** Ends what `/slow/…` has begun, with the rest of the picture. */
  release(): void;
  close(): Promise<void>;
};

const WIDTH = 320;
const HEIGHT = 200;

/** Starts one; close it at the end of the test. */
export async function openMediaOrigin(): Promise<MediaOrigin> {
  const picture = await sharp({
    create: {
      ...{ width: WIDTH, height: HEIGHT, channels: 3 },
      background: { r: 40, g: 90, b: 200 },
    },
  })
    .jpeg()
    .toBuffer();
  let isRepaired = false;
  let isReleased = false;
  const slow = new Set<ServerResponse>();
  const half = Math.floor(picture.length / 2);

  const give = (response: ServerResponse) =>
    response.writeHead(200, headersOf(picture)).end(picture);
  const server = createServer(({ url = "" }, response) => {
    const [, kind, more] = url.split("/");
    if (kind === "ok") return give(response);
    if (kind === "repaired")
      return isRepaired ? give(response) : response.writeHead(500).end();
    if (kind === "status") return response.writeHead(Number(more)).end();
    if (kind === "empty") return response.writeHead(200).end();
    if (kind === "page") {
      response.writeHead(200, { "content-type": "text/html" });
      return response.end("<!doctype html><p>Sign in");
    }
    if (kind !== "slow") return response.writeHead(404).end();
    if (isReleased) return give(response);
    response.writeHead(200, headersOf(picture));
    response.write(picture.subarray(0, half));
    slow.add(response);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    repair: () => (isRepaired = true),
    release: () => {
      isReleased = true;
      for (const response of slow) response.end(picture.subarray(half));
      slow.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function headersOf(picture: Buffer): Record<string, string | number> {
  return { "content-type": "image/jpeg", "content-length": picture.length };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}
