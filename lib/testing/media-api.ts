import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A file there: how it is answered is the test's to change. */
export type ApiFile = {
  id: string;
  link: string;
  identifier: string;
  state: "Progress" | "Completed" | "Failed";
};

export type ApiCall = { method: string; path: string; body: ApiBody };
type ApiBody = {
  entities?: { key: string; properties: { id: string; value: string }[] }[];
  links?: { link: string; filename: string; uniqueIdentifier: string }[];
  uniqueIdentifiers?: string[];
};

/** What a call is answered with instead; `lost`: carried out, and the line cut before the answer. */
type Twist =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | "lost"
  | undefined;

/**
 * The media calls of an ingest API that somebody else runs, over a real socket:
 * the contract's answers, and whatever `twist` makes of them.
 */
export async function startMediaApi() {
  const files = new Map<string, ApiFile>();
  const calls: ApiCall[] = [];
  const api = {
    ...{ url: "", files, calls, tokens: 0 },
    /** Links that are not taken, with the reason. */
    refuses: new Map<string, string>(),
    /** Of new files. */
    newState: "Completed" as ApiFile["state"],
    /** Whether lookups tell the state, and the size as it was announced; or none before the file is there. */
    tellsState: true,
    /** How the items of an answer to links are named. */
    nameOf: (link: string, identifier: string): string => identifier && link,
    twist: (_: ApiCall): Twist => undefined,
    sent: () =>
      calls.flatMap(({ body, method }) =>
        method === "PUT" ? [(body.links ?? []).length] : [],
      ),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { method = "", url: path = "" } = request;
    if (path === "/dataProviders/tokens") {
      const accessToken = `token-${(api.tokens += 1)}`;
      return send(response, 200, { accessToken, expiresIn: 3_600 });
    }
    const body = (text === "" ? {} : JSON.parse(text)) as ApiBody;
    const call = { method, path, body };
    calls.push(call);
    const twist = api.twist(call);
    if (twist && twist !== "lost") {
      response.writeHead(twist.status, {
        "content-type": "application/json",
        ...twist.headers,
      });
      return response.end(JSON.stringify(twist.body ?? {}));
    }
    const [status, result] = carryOut(call);
    if (twist === "lost") return response.destroy();
    send(response, status, result);
  }

  function carryOut({ method, path, body }: ApiCall): [number, unknown] {
    if (path.startsWith("/import/")) return [202, { id: randomUUID() }];
    if (method === "PUT") return [202, takeLinks(body.links ?? [])];
    if (method === "POST") return [200, lookUp(body.uniqueIdentifiers ?? [])];
    const id = decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
    const file = [...files.values()].find((one) => one.id === id);
    if (!file) return [404, null];
    if (method === "DELETE")
      return [files.delete(file.identifier) ? 204 : 404, null];
    return [200, toUpload(file)];
  }

  function takeLinks(links: NonNullable<ApiBody["links"]>) {
    const succeeded: [string, unknown][] = [];
    const failures: [string, unknown][] = [];
    for (const { link, uniqueIdentifier: identifier } of links) {
      const name = api.nameOf(link, identifier);
      const message = files.has(identifier)
        ? `${identifier} already exists`
        : api.refuses.get(link);
      if (message) {
        failures.push([name, { message, error: message }]);
        continue;
      }
      const file = { id: randomUUID(), link, identifier, state: api.newState };
      files.set(identifier, file);
      succeeded.push([name, toUpload(file)]);
    }
    return toPartial(succeeded, failures);
  }

  function lookUp(identifiers: string[]) {
    const found = identifiers.flatMap((identifier): [string, unknown][] => {
      const file = files.get(identifier);
      return file && file.state !== "Failed"
        ? [[identifier, toFile(file, api.tellsState)]]
        : [];
    });
    const missing = identifiers.filter(
      (identifier) => !found.some(([name]) => name === identifier),
    );
    return toPartial(
      found,
      missing.map((name) => [name, { message: "not found" }]),
    );
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

function toUpload({ id, link, identifier, state }: ApiFile) {
  return {
    ...{ id, state, sourceUrl: link },
    progress: {
      totalSize: 100,
      uploadedSize: state === "Completed" ? 100 : 40,
      isCompleted: state === "Completed",
    },
    metadata: { filename: "x", size: 0, uniqueIdentifier: identifier },
    ...(state === "Failed" && { error: { message: "no such host" } }),
  };
}

function toFile({ id, link, state }: ApiFile, tellsState: boolean) {
  const isKnown = tellsState || state === "Completed";
  return {
    ...(tellsState && { state }),
    ...{ id, sourceUrl: link, publicUrl: `https://media.example/${id}` },
    metadata: {
      ...{ filename: "there.jpg", mimeType: "image/jpeg" },
      size: isKnown ? 100 : 0,
    },
  };
}

/** Names like `__proto__` are names: so no object literal. */
function toPartial(
  succeeded: [string, unknown][],
  failures: [string, unknown][],
) {
  return {
    succeeded: Object.fromEntries(succeeded),
    failures: Object.fromEntries(failures),
  };
}

function send(response: ServerResponse, status: number, result: unknown) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(
    status === 204
      ? ""
      : JSON.stringify({ result, errors: [], requestId: "r-1" }),
  );
}
