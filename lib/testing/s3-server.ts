import { createHash, createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export const S3_TEST_KEYS = {
  accessKeyId: "AKTESTTESTTEST",
  secretAccessKey: "secret-of-the-test-store",
};

type Stored = { bytes: Buffer; modifiedAt: Date };
type Parts = { key: string; initiated: Date; parts: Map<number, Buffer> };

export type S3TestServer = {
  url: string;
  bucket: string;
  objects: Map<string, Stored>;
  /** Begun and neither completed nor aborted, by upload id. */
  uploads: Map<string, Parts>;
  /** Each request as `METHOD path?query`. */
  requests: string[];
  /** Answers this status to every request; `undefined` works again. */
  failWith: number | undefined;
  close(): Promise<void>;
};

/**
 * A server that speaks as much S3 as the file store uses, by the public
 * reference: bucket in the path, signature version 4 checked, parts, ranges,
 * listing in pages of `pageSize`. Not a real store: what other makers do
 * differently it does not show.
 */
export async function startS3Server(pageSize = 3): Promise<S3TestServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      refuse(response, 500, String(error));
    });
  });
  const state: S3TestServer = {
    url: "",
    bucket: "media",
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    failWith: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? "", state.url);
    state.requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (state.failWith !== undefined)
      return refuse(response, state.failWith, "AccessDenied");
    const problem = signatureProblem(request, url, body);
    if (problem) return refuse(response, 403, problem);

    const [, bucket, ...rest] = url.pathname.split("/");
    if (bucket !== state.bucket) return refuse(response, 404, "NoSuchBucket");
    const key = decodeURIComponent(rest.join("/"));
    if (key === "") return answerBucket(response, url);
    const uploadId = url.searchParams.get("uploadId");
    if (url.searchParams.has("uploads")) return beginUpload(response, key);
    if (uploadId !== null)
      return answerUpload(request, response, { key, uploadId, url, body });
    return answerObject(request, response, key, body);
  }

  function answerBucket(response: ServerResponse, url: URL): void {
    if (url.searchParams.has("uploads")) {
      const uploads = [...state.uploads].map(
        ([id, { key, initiated }]) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
      );
      return sendXml(
        response,
        "ListMultipartUploadsResult",
        `<IsTruncated>false</IsTruncated>${uploads.join("")}`,
      );
    }
    const prefix = url.searchParams.get("prefix") ?? "";
    const after = url.searchParams.get("continuation-token") ?? "";
    const found = [...state.objects]
      .filter(([key]) => key.startsWith(prefix) && key > after)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = found.slice(0, pageSize);
    const isTruncated = found.length > page.length;
    const contents = page.map(
      ([key, { bytes, modifiedAt }]) =>
        `<Contents><Key>${key}</Key><Size>${bytes.length}</Size><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`,
    );
    sendXml(
      response,
      "ListBucketResult",
      `<IsTruncated>${isTruncated}</IsTruncated>${
        isTruncated
          ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>`
          : ""
      }${contents.join("")}`,
    );
  }

  function beginUpload(response: ServerResponse, key: string): void {
    const id = randomUUID();
    state.uploads.set(id, { key, initiated: new Date(), parts: new Map() });
    sendXml(
      response,
      "InitiateMultipartUploadResult",
      `<Key>${key}</Key><UploadId>${id}</UploadId>`,
    );
  }

  function answerUpload(
    request: IncomingMessage,
    response: ServerResponse,
    call: { key: string; uploadId: string; url: URL; body: Buffer },
  ): void {
    const upload = state.uploads.get(call.uploadId);
    if (!upload || upload.key !== call.key)
      return refuse(response, 404, "NoSuchUpload");
    if (request.method === "DELETE") {
      state.uploads.delete(call.uploadId);
      response.writeHead(204).end();
      return;
    }
    if (request.method === "PUT") {
      const number = Number(call.url.searchParams.get("partNumber"));
      upload.parts.set(number, call.body);
      response.writeHead(200, { etag: etagOf(call.body) }).end();
      return;
    }
    const wanted = [
      ...call.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g),
    ].map(([, number]) => Number(number));
    const parts = wanted.map((number) => upload.parts.get(number));
    if (parts.length === 0 || parts.includes(undefined))
      return refuse(response, 400, "InvalidPart");
    const bytes = Buffer.concat(parts.filter((part) => part !== undefined));
    state.objects.set(call.key, { bytes, modifiedAt: new Date() });
    state.uploads.delete(call.uploadId);
    sendXml(
      response,
      "CompleteMultipartUploadResult",
      `<Key>${call.key}</Key><ETag>${etagOf(bytes)}</ETag>`,
    );
  }

  function answerObject(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    body: Buffer,
  ): void {
    if (request.method === "PUT") {
      state.objects.set(key, { bytes: body, modifiedAt: new Date() });
      response.writeHead(200, { etag: etagOf(body) }).end();
      return;
    }
    if (request.method === "DELETE") {
      state.objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    const stored = state.objects.get(key);
    if (!stored) return refuse(response, 404, "NoSuchKey");
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const start = Number(range?.[1] ?? 0);
    if (range && start >= stored.bytes.length)
      return refuse(response, 416, "InvalidRange");
    const part = range
      ? stored.bytes.subarray(start, Number(range[2]) + 1)
      : stored.bytes;
    response.writeHead(range ? 206 : 200, {
      "content-length": part.length,
      etag: etagOf(stored.bytes),
      "last-modified": stored.modifiedAt.toUTCString(),
    });
    response.end(request.method === "HEAD" ? undefined : part);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function sendXml(
  response: ServerResponse,
  name: string,
  content: string,
): void {
  response
    .writeHead(200, { "content-type": "application/xml" })
    .end(`<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { "content-type": "application/xml" })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

/** Computes signature version 4 anew and compares; also the hash of the body. */
function signatureProblem(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): string | undefined {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  if (!found) return "MissingSignature";
  const [, id, day = "", region = "", signedHeaders = "", signature] = found;
  if (id !== S3_TEST_KEYS.accessKeyId) return "InvalidAccessKeyId";
  const bodyHash = String(request.headers["x-amz-content-sha256"]);
  if (bodyHash !== "UNSIGNED-PAYLOAD" && bodyHash !== sha256(body))
    return "XAmzContentSHA256Mismatch";
  const headers = signedHeaders
    .split(";")
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const canonical = [
    request.method,
    url.pathname,
    query.join("&"),
    headers.join(""),
    signedHeaders,
    bodyHash,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = [
    "AWS4-HMAC-SHA256",
    request.headers["x-amz-date"],
    scope,
    sha256(canonical),
  ].join("\n");
  const signingKey = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    Buffer.from(`AWS4${S3_TEST_KEYS.secretAccessKey}`),
  );
  const expected = createHmac("sha256", signingKey).update(text).digest("hex");
  return signature === expected ? undefined : "SignatureDoesNotMatch";
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
