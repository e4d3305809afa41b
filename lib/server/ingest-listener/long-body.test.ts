import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createWireApi } from "@/lib/server/wire/handlers";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createTestStore,
  createUploadClient,
  tokenOf,
} from "@/lib/testing/upload-client";
import type { WireMount } from "@/lib/testing/wire-mounts";
import { createWireProvider } from "@/lib/testing/wire-provider";

import { createIngestListener, type IngestListener } from "./app";

let database: TestDb;
let closeStore: () => Promise<void>;
let listener: IngestListener;
let port: number;
let mount: WireMount;
let token: string;

beforeAll(async () => {
  database = await createTestDb();
  closeStore = (await createTestStore()).close;
  listener = createIngestListener(createWireApi());
  listener.server.listen(0, "127.0.0.1");
  await once(listener.server, "listening");
  ({ port } = listener.server.address() as AddressInfo);
  mount = {
    name: "the listener",
    fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    close: () => listener.stop(),
  };
  token = await tokenOf(mount, await createWireProvider(database));
});
afterAll(async () => {
  await mount.close();
  await closeStore();
  await database.close();
});

test("a chunk may take longer than the deadline of a request", async () => {
  const client = createUploadClient(mount, token);
  const id = await client.begin(8);
  const { sent, socket } = await send(
    "PATCH",
    `/media/uploads/files/${id}`,
    {
      ...client.common,
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
    },
    "1234",
  );
  timeOut(socket);
  sent.end("5678");
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([
    204,
    "8",
  ]);
  answer.resume();
  sent.destroy();
});

test("every other body has a deadline, in the envelope", async () => {
  const { sent, socket } = await send(
    "POST",
    "/dataProviders/tokens",
    { "content-type": "application/json" },
    '{"id":',
  );
  timeOut(socket);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(408);
  answer.resume();
  sent.destroy();
});

/** Sends the beginning of a body of 8 bytes; gives the server's end of the connection once it reads. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  beginning: string,
): Promise<{ sent: ClientRequest; socket: Socket }> {
  const reading = once(listener.server, "request");
  const sent = request({
    ...{ port, method, path, agent: false },
    headers: { ...headers, "content-length": "8" },
  });
  sent.on("error", () => undefined);
  sent.write(beginning);
  const [incoming] = (await reading) as [IncomingMessage];
  return { sent, socket: incoming.socket };
}

/** What node:http does when a request has not arrived in time. */
function timeOut(socket: Socket): void {
  const error = Object.assign(new Error("Request timeout"), {
    code: "ERR_HTTP_REQUEST_TIMEOUT",
  });
  listener.server.emit("clientError", error, socket);
}
