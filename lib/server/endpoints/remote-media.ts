import "server-only";

import { z } from "zod";

import { MEDIA_LIMITS } from "@/lib/domain/limits";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import { isRemoteFileId, REMOTE_MEDIA_LIMITS } from "@/lib/domain/remote-media";

import type { ClientAnswer, EndpointClient } from "./remote-client";

/** Lookups are answered from a database there. */
const LOOKUP_MS_MAX = 30_000;
const TEXT_CHARS_MAX = 5_000;

export type LinkForEndpoint = {
  link: string;
  filename: string;
  uniqueIdentifier: string;
};

/** A call's outcome, and what could be read of its answer; `undefined` when nothing of it is as the contract says. */
export type Told<T> = {
  answer: RemoteAnswer;
  retryAfterMs?: number | undefined;
  value?: T | undefined;
};

export type RemoteUpload = {
  id: string | null;
  state: "created" | "progress" | "failed" | "cancelled" | "completed";
  uniqueIdentifier: string | null;
  link: string | null;
  arrivedBytes: number;
  sizeBytes: number | null;
  /** Why it failed, where the endpoint says so. */
  text: string;
};

export type RemoteFileInfo = {
  id: string;
  filename: string | null;
  publicUrl: string | null;
  link: string | null;
  mimeType: string | null;
  /** 0 while the endpoint does not know it; may be what was announced. */
  sizeBytes: number;
  /** Beyond the contract: some endpoints say how far the file is. */
  state: RemoteUpload["state"] | null;
};

/** By whatever name the endpoint gives each item. */
export type PartialAnswer<T> = {
  succeeded: Map<string, T>;
  failures: Map<string, string>;
};

type Client = Pick<EndpointClient, "ask">;

/** `PUT /media/uploads/links` (contract 1.3): up to 50 links in one request. */
export async function putLinks(
  client: Client,
  links: readonly LinkForEndpoint[],
  signal: AbortSignal,
): Promise<Told<PartialAnswer<RemoteUpload>>> {
  const told = await client.ask({
    ...{ path: "/media/uploads/links", method: "PUT", signal },
    body: JSON.stringify({ links }),
  });
  return read(told, (result) => readPartial(result, uploadSchema, told.hide));
}

/**
 * `POST /media/files/batch` (contract 1.9): the files that have these
 * identifiers, up to 50. An answer that cannot be read is no ingest API's.
 */
export async function findRemoteFiles(
  client: Client,
  uniqueIdentifiers: readonly string[],
  signal: AbortSignal,
): Promise<Told<Map<string, RemoteFileInfo>>> {
  const told = await client.ask({
    ...{ path: "/media/files/batch", method: "POST", signal },
    ...{ msMax: LOOKUP_MS_MAX, body: JSON.stringify({ uniqueIdentifiers }) },
  });
  const found = read(
    told,
    (result) => readPartial(result, fileSchema, told.hide)?.succeeded,
  );
  if (found.answer.outcome !== "accepted" || found.value) return found;
  return { answer: { ...found.answer, outcome: "odd" } };
}

/** `GET /media/uploads/{id}` (contract 1.4). */
export async function getRemoteUpload(
  client: Client,
  uploadId: string,
  signal: AbortSignal,
): Promise<Told<RemoteUpload>> {
  const path = `/media/uploads/${encodeURIComponent(uploadId)}`;
  const told = await client.ask({
    ...{ path, method: "GET", signal, msMax: LOOKUP_MS_MAX },
  });
  return read(told, (result) => {
    const upload = uploadSchema.safeParse(result).data;
    return upload && hideIn(upload, told.hide);
  });
}

/** `DELETE /media/files/{id}` (contract 1.10). One that is gone already is deleted. */
export async function deleteRemoteFile(
  client: Client,
  fileId: string,
  signal: AbortSignal,
): Promise<Told<null>> {
  const path = `/media/files/${encodeURIComponent(fileId)}`;
  const told = await client.ask({
    ...{ path, method: "DELETE", signal, msMax: LOOKUP_MS_MAX },
  });
  const isGone = told.status === 404;
  return read(isGone ? { ...told, outcome: "accepted" } : told, () => null);
}

function read<T>(
  { text, retryAfterMs, hide: _, ...answer }: ClientAnswer,
  readResult: (result: unknown) => T | undefined,
): Told<T> {
  const isAccepted = answer.outcome === "accepted";
  const value = isAccepted ? readResult(resultOf(text)) : undefined;
  return { answer, retryAfterMs, value };
}

function resultOf(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body["result"] : undefined;
  } catch {
    return undefined; // Longer than what is read of an answer, or none of the contract.
  }
}

/** Entries one by one: the names come from outside, `__proto__` is one like any other. */
function readPartial<T extends object>(
  result: unknown,
  item: z.ZodType<T>,
  hide: (text: string) => string,
): PartialAnswer<T> | undefined {
  if (!isObject(result)) return undefined;
  const { succeeded, failures } = result;
  if (!isObject(succeeded) && !isObject(failures)) return undefined;
  const read: PartialAnswer<T> = { succeeded: new Map(), failures: new Map() };
  for (const [name, value] of entriesOf(succeeded)) {
    const parsed = item.safeParse(value);
    if (parsed.success) read.succeeded.set(name, hideIn(parsed.data, hide));
  }
  for (const [name, value] of entriesOf(failures)) {
    const text = hide(failureSchema.parse(value));
    read.failures.set(name, asLine(text, textCharsMax));
  }
  return read;
}

/** No text that is kept repeats the secret or a token. An id that does is useless, and no other one. */
function hideIn<T extends object>(item: T, hide: (text: string) => string): T {
  const entries = Object.entries(item).map(([name, value]) => {
    if (typeof value !== "string") return [name, value as unknown];
    const clean = hide(value);
    const charsMax = LINES.get(name);
    return [name, charsMax === undefined ? clean : asLine(clean, charsMax)];
  });
  return Object.fromEntries(entries) as T;
}

/** One line without control characters, cut. Only after hiding: the rest of a secret is no match. */
function asLine(text: string, charsMax: number): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, charsMax)
    .toWellFormed();
}

function entriesOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) return [];
  return Object.entries(value).slice(0, 2 * MEDIA_LIMITS.linksPerRequestMax);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What people may read; becomes a line of `LINES`. Longer texts and other things are nothing. */
const textSchema = z.string().max(TEXT_CHARS_MAX).nullable().catch(null);

/** What does not fit is left out: half of an address leads elsewhere. */
function wholeTextSchema(charsMax: number) {
  return z
    .string()
    .max(charsMax)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
    .nullable()
    .catch(null);
}

const { urlCharsMax, textCharsMax } = REMOTE_MEDIA_LIMITS;
/** Texts for people, by the member they end in, and how many characters are kept. */
const LINES: ReadonlyMap<string, number> = new Map([
  ["text", textCharsMax],
  ["filename", MEDIA_LIMITS.filenameCharsMax],
]);
const idSchema = z.string().refine(isRemoteFileId);
const bytesSchema = z
  .number()
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .nullable()
  .catch(null);
const typeSchema = z
  .string()
  .max(127)
  .regex(/^[\w.+-]+\/[\w.+-]+$/)
  .nullable()
  .catch(null);

const failureSchema = z
  .object({
    message: textSchema,
    error: textSchema,
  })
  .transform(({ message, error }) => message ?? error ?? "")
  .catch("");

/** The numbers are what the official client accepts beside the names (contract 1.3). */
const STATES = [
  "created",
  "progress",
  "failed",
  "cancelled",
  "completed",
] as const;

const stateSchema = z
  .union([
    z.number().transform((number) => STATES[number]),
    z
      .string()
      .max(20)
      .transform((name) => STATES.find((s) => s === name.toLowerCase())),
  ])
  .catch(undefined);

const uploadSchema = z
  .object({
    id: idSchema.nullable().catch(null),
    state: stateSchema,
    sourceUrl: wholeTextSchema(urlCharsMax),
    progress: z
      .object({
        totalSize: bytesSchema,
        uploadedSize: bytesSchema,
        isCompleted: z.boolean().catch(false),
      })
      .catch({ totalSize: null, uploadedSize: null, isCompleted: false }),
    metadata: z
      .object({ uniqueIdentifier: wholeTextSchema(urlCharsMax) })
      .catch({ uniqueIdentifier: null }),
    error: failureSchema,
  })
  .transform(
    ({ id, state, sourceUrl, progress, metadata, error }): RemoteUpload => ({
      ...{ id, link: sourceUrl, text: error },
      state: state ?? (progress.isCompleted ? "completed" : "progress"),
      uniqueIdentifier: metadata.uniqueIdentifier,
      arrivedBytes: progress.uploadedSize ?? 0,
      sizeBytes: progress.totalSize,
    }),
  );

const fileSchema = z
  .object({
    id: idSchema,
    publicUrl: wholeTextSchema(urlCharsMax),
    sourceUrl: wholeTextSchema(urlCharsMax),
    state: stateSchema,
    metadata: z
      .object({
        filename: textSchema,
        mimeType: typeSchema,
        size: bytesSchema,
      })
      .catch({ filename: null, mimeType: null, size: null }),
  })
  .transform(
    ({ id, publicUrl, sourceUrl, state, metadata }): RemoteFileInfo => ({
      ...{ id, publicUrl, link: sourceUrl, state: state ?? null },
      filename: metadata.filename || null,
      mimeType: metadata.mimeType,
      sizeBytes: metadata.size ?? 0,
    }),
  );
