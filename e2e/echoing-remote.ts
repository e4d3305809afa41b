import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type RemoteMood =
  | "well"
  | "wrong secret"
  | "web page"
  | "cut off"
  | "redirect"
  | "odd token"
  | "away"
  | "token refused"
  | "not granted"
  | "poisoned";

/** The entry that is refused while the remote is poisoned. */
export const POISONED_KEY = "P-3";
const TOKEN = /(?<=Bearer ).*/;

/**
 * An ingest API that repeats in everything it answers what it was sent: the
 * secret and the token, plain and escaped, in bodies and headers, beside
 * `word`, which is no secret.
 */
export async function openEchoingRemote(word: string, newToken: () => string) {
  let mood: RemoteMood = "well";
  const secrets: string[] = [];
  const tokens: string[] = [];

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      if (request.url?.endsWith("/dataProviders/tokens")) {
        const { secret } = JSON.parse(body) as { secret: string };
        secrets.push(secret);
        return answerToken(response, secret);
      }
      const [token = ""] =
        TOKEN.exec(request.headers.authorization ?? "") ?? [];
      return answerImport(response, token, body);
    });
  });

  function answerToken(response: ServerResponse, secret: string): void {
    if (mood === "cut off") return void cut(response, secret);
    if (mood === "web page") return void page(response, 500, secret);
    if (mood === "redirect") {
      const location = `/sign-in?secret=${encodeURIComponent(secret)}`;
      response.setHeader("location", location);
      return void page(response, 302, secret);
    }
    if (mood === "wrong secret") return void envelope(response, 401, secret);
    const token = newToken();
    tokens.push(token);
    const granted = { accessToken: token, expiresIn: 3_600 };
    const told = mood === "odd token" ? granted : { result: granted };
    json(response, 200, { ...told, said: word }, secret);
  }

  function answerImport(response: ServerResponse, token: string, body: string) {
    const known = `${token} of ${secrets.at(-1) ?? ""}`;
    if (mood === "cut off") return cut(response, known);
    if (mood === "away") return page(response, 503, known);
    if (mood === "token refused") return envelope(response, 401, known);
    if (mood === "not granted") return envelope(response, 403, known, token);
    if (mood === "poisoned" && body.includes(`"${POISONED_KEY}"`)) {
      return envelope(response, 400, known);
    }
    return json(response, 202, { id: token, said: known }, known);
  }

  /** As the contract has it, with what frameworks add. */
  function envelope(
    response: ServerResponse,
    status: number,
    known: string,
    requestId = "r-1",
  ): void {
    const errors = [
      { message: `${word} Refused: ${known}` },
      { message: `Basic ${Buffer.from(`id:${known}`).toString("base64")}` },
      { details: { message: encodeURIComponent(known) } },
    ];
    json(response, status, { requestId, errors }, known);
  }

  function json(
    response: ServerResponse,
    status: number,
    body: object,
    known: string,
  ): void {
    repeatInHeaders(response, known);
    response.writeHead(status, { "content-type": "application/json" });
    // As .NET writes it.
    response.end(
      JSON.stringify(body).replace(/[+&<>']/g, (sign) => unicode(sign)),
    );
  }

  function page(response: ServerResponse, status: number, known: string): void {
    repeatInHeaders(response, known);
    response.writeHead(status, { "content-type": "text/html" });
    const escaped = known.replace(/[&<>"+]/g, (sign) => {
      return `&#x${sign.charCodeAt(0).toString(16)};`;
    });
    response.end(`<title>Oh</title><h1>${word}</h1><pre>${escaped}</pre>`);
  }

  function cut(response: ServerResponse, known: string): void {
    repeatInHeaders(response, known);
    response.writeHead(200, { "content-length": "100000" });
    response.write(known, () => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** What was sent as the secret, in order. */
    secrets,
    /** Every token that was given. */
    tokens,
    become: (next: RemoteMood) => void (mood = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function repeatInHeaders(response: ServerResponse, known: string): void {
  const safe = encodeURIComponent(known);
  response.setHeader("x-echo", safe);
  response.setHeader("www-authenticate", `Bearer error="${safe}"`);
  response.setHeader("set-cookie", `last=${safe}`);
}

function unicode(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
