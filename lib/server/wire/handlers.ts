import "server-only";

import { createHash, randomUUID, webcrypto } from "node:crypto";

import type { Entity } from "@/lib/domain/entity";
import { AppError } from "@/lib/domain/errors";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import {
  importEnvelope,
  successEnvelope,
  tokenResult,
} from "@/lib/domain/wire-answer";
import { readTokenBody } from "@/lib/domain/wire-token";
import { RefusedBodyError } from "@/lib/domain/wire-problems";
import { appDb } from "@/lib/server/db/app-db";
import type { Db } from "@/lib/server/db/client";
import {
  logRefusedImport,
  type ImportRow,
} from "@/lib/server/import-log/service";
import { appFileStore, type FileStore } from "@/lib/server/file-store/service";
import { readImportBytes } from "@/lib/server/import-body";
import { parseJson } from "@/lib/server/json-body";
import { createUploadHandler } from "@/lib/server/media/tus/wire-handler";
import {
  createMediaWireApi,
  type MediaWireApi,
} from "@/lib/server/media/wire-handlers";
import { readJsonBytes } from "@/lib/server/request-body";
import {
  issueAccessToken,
  TOKEN_ANNOUNCED_SECONDS,
  verifyAccessToken,
  type VerifiedToken,
} from "@/lib/server/tokens/service";
import {
  wireRoute,
  type WireCall,
  type WireHandler,
} from "@/lib/server/wire-route";

import { createAdmission, type Admission } from "./admission";
import { createImportQueue } from "./import-queue";

const IMPORT_PATH = /^\/import\/([^/]+)$/;
const CORRELATION_CHARS_MAX = 100;
const HASH_BESIDE_BYTES_MIN = 65_536;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export type WireApi = MediaWireApi & {
  postToken: WireHandler;
  postImport: WireHandler;
  /** Direct uploads: all methods of `/media/uploads/files` and below. */
  uploadFiles: WireHandler;
};

type Deps = {
  db: () => Db;
  now: () => Date;
  admission: Admission;
  linksWaitMs: () => number;
  store: () => FileStore;
};

/**
 * The ingest API: the same handlers for the listener and for the Studio's own
 * port. `now` is the clock of tokens and log; the rest is the process's own.
 */
export function createWireApi(given: Partial<Deps> = {}): WireApi {
  const db = given.db ?? appDb;
  const now = given.now ?? (() => new Date());
  const admission = given.admission ?? createAdmission();
  const queue = createImportQueue(db, now, admission);

  const postToken = wireRoute(async ({ request, url, requestId, address }) => {
    refuseSecretsInUrl(url);
    const { value } = parseJson(await readTokenBytes(request));
    const accessToken = await issueAccessToken(db(), readTokenBody(value), {
      address,
      now: now(),
    });
    const result = tokenResult(accessToken, TOKEN_ANNOUNCED_SECONDS);
    return { status: 200, body: successEnvelope(result, requestId) };
  });

  const postImport = wireRoute(async (call) => {
    const { request, url, requestId } = call;
    const token = await authorize(call);
    const idempotencyKey = readIdempotencyKey(request);
    const hold = admission.enter();
    try {
      const bytes = await readJsonBytes(request, {
        bytesMax: ACCEPT_LIMITS.bodyBytesMax,
        hold: (more) => hold.add(more),
      });
      const startedMs = performance.now();
      const hashing = hashOf(bytes);
      const read = tryRead(bytes);
      const row = importRow(token, requestId, url, bytes, await hashing);
      if ("refused" in read) {
        const { tenantId, sourceId } = token;
        const place = { db: db(), tenantId, sourceId, now: now() };
        await logRefusedImport(place, row, read.refused.problems);
        throw read.refused;
      }
      const { entities } = read;
      if (entities.length > ACCEPT_LIMITS.entitiesAdvised) {
        row.flags.push("entities_advised");
      }
      const { sourceId } = token;
      const id = await queue
        .apply({ row, token, sourceId, entities, idempotencyKey, startedMs })
        .catch(async (error: unknown) => {
          // Ended meanwhile: what this process remembers is not true any more.
          const isEnded =
            error instanceof AppError && error.code === "forbidden";
          if (isEnded) await authorize(call, [true]);
          throw error;
        });
      return { status: 202, body: importEnvelope(id, requestId) };
    } finally {
      hold.release();
    }
  });

  /** Contract 6: an unknown source and one that is not granted get the same answer. */
  async function authorize(
    { request, url }: WireCall,
    tries = [false, true],
  ): Promise<VerifiedToken & { sourceId: string }> {
    const header = request.headers.get("authorization");
    const identifier = sourceInPath(url.pathname);
    for (const mustBeFresh of tries) {
      const token = await verifyAccessToken(db(), header, now(), {
        mustBeFresh,
      });
      const sourceId = token.sources.get(identifier);
      // A grant given a moment ago is not in what this process remembers.
      if (sourceId !== undefined) return { ...token, sourceId };
    }
    throw new AppError(
      "forbidden",
      "This data provider may not import into this source, or the source does not exist. Check the name in the address and the allowed sources of the provider.",
    );
  }

  const { linksWaitMs } = given;
  const media = createMediaWireApi({ db, now, linksWaitMs });
  const store = given.store ?? appFileStore;
  const uploadFiles = createUploadHandler({ db, store, now });
  return { postToken, postImport, ...media, uploadFiles };
}

/** A broken rule as a value: it has to be logged before it is answered. */
function tryRead(
  bytes: Uint8Array,
): { entities: Entity[] } | { refused: RefusedBodyError } {
  try {
    return { entities: readImportBytes(bytes) };
  } catch (error) {
    if (error instanceof RefusedBodyError) return { refused: error };
    throw error;
  }
}

/** SHA-256 in hex; of a large body beside this thread, which reads it meanwhile. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  if (bytes.length < HASH_BESIDE_BYTES_MIN) {
    return createHash("sha256").update(bytes).digest("hex");
  }
  const hash = await webcrypto.subtle.digest("SHA-256", bytes);
  return Buffer.from(hash).toString("hex");
}

function importRow(
  token: VerifiedToken,
  requestId: string,
  url: URL,
  bytes: Uint8Array,
  bodyHash: string,
): ImportRow {
  const correlationId = url.searchParams.get("correlationId");
  return {
    id: randomUUID(),
    providerId: token.providerId,
    tokenHash: token.hash,
    requestId,
    correlationId:
      correlationId
        ?.slice(0, CORRELATION_CHARS_MAX)
        .toWellFormed()
        .replaceAll("\0", "") ?? null,
    bodyHash,
    bytes: bytes.length,
    flags:
      bytes.length > ACCEPT_LIMITS.bodyBytesAdvised ? ["bytes_advised"] : [],
  };
}

/** The identifier in lower case; one that cannot be decoded names no source. */
function sourceInPath(path: string): string {
  const encoded = IMPORT_PATH.exec(path)?.[1] ?? "";
  try {
    return decodeURIComponent(encoded).toLowerCase();
  } catch {
    return "";
  }
}

function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw new AppError(
    "invalid_input",
    "The Idempotency-Key must have 1 to 200 visible ASCII characters without blanks. A UUID is a good one.",
  );
}

/** Addresses end up in logs of every server on the way (security.md 3). */
function refuseSecretsInUrl(url: URL): void {
  for (const name of url.searchParams.keys()) {
    if (name.toLowerCase() !== "secret") continue;
    throw new AppError(
      "invalid_input",
      "The secret must not be in the address, where it is written to logs. Send it in the body, and reset it in the Studio.",
    );
  }
}

/** A body that no credentials could fill is refused like any other wrong one. */
async function readTokenBytes(request: Request): Promise<Uint8Array> {
  const bytesMax = ACCEPT_LIMITS.tokenBodyBytesMax;
  try {
    return await readJsonBytes(request, { bytesMax });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "too_large") throw error;
    throw new AppError(
      "invalid_input",
      `The body has more than ${bytesMax} bytes. Send {"id": "…", "secret": "…"} and nothing else.`,
    );
  }
}
