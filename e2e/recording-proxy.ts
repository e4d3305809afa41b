import { Agent, createServer, request, type Server } from "node:http";

/** An answer as it went over the wire: the status line's part, all headers, the body. */
export type Recorded = {
  method: string;
  path: string;
  status: number;
  headers: string;
  body: Buffer;
};

export type RecordingProxy = {
  url: string;
  answers: Recorded[];
  close(): Promise<void>;
};

/**
 * Stands before a server and keeps every byte that it answers, whoever asks:
 * pages, workers, prefetches and tests alike. The Host header stays, so that
 * the server takes the proxy for itself.
 */
export async function openRecordingProxy(
  port: number,
  target: number,
): Promise<RecordingProxy> {
  const answers: Recorded[] = [];
  const agent = new Agent({ keepAlive: true });
  const server: Server = createServer((asked, answer) => {
    // Unpacked, so that it can be searched.
    const headers = { ...asked.headers, "accept-encoding": "identity" };
    const passed = request(
      {
        ...{ host: "localhost", port: target, path: asked.url, agent },
        ...{ method: asked.method, headers },
      },
      (told) => {
        const chunks: Buffer[] = [];
        const one: Recorded = {
          ...{ method: asked.method ?? "", path: asked.url ?? "" },
          ...{ status: told.statusCode ?? 0 },
          headers: told.rawHeaders.join("\n"),
          get body() {
            return Buffer.concat(chunks);
          },
        };
        answers.push(one);
        answer.writeHead(one.status, told.statusMessage, told.rawHeaders);
        told.on("data", (chunk: Buffer) => chunks.push(chunk));
        told.on("error", () => answer.destroy());
        told.pipe(answer);
      },
    );
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    url: `http://localhost:${port}`,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}
