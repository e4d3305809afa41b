import "server-only";

import { Readable } from "node:stream";

import type { S3Client } from "@aws-sdk/client-s3";

import { countBody } from "./counted-body";
import type { FileStore } from "./file-store";
import { checkKey, checkPrefix } from "./storage-key";
import { noSuchFile, remoteFailure } from "./store-failure";

export type S3Options = {
  bucket: string;
  region: string;
  /** Of a store that is not Amazon's. Its buckets are named in the path. */
  endpoint?: string | undefined;
  /** Without them the machine's own identity is used, as Amazon's machines have one. */
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
};

/** At most PART_BYTES x PARTS_AT_ONCE of a file are in memory; 10,000 parts are S3's limit. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const REMOVALS_AT_ONCE = 8;
/** No write takes as long: an upload expires before. */
const STALE_MS = 24 * 3_600_000;
const CONNECT_MS_MAX = 5_000;
const SILENCE_MS_MAX = 60_000;
/** Each file that somebody reads slowly holds one. */
const SOCKETS_MAX = 512;

/** Keeps files in a bucket of an S3-compatible store, which must exist. Connects on first use. */
export function createS3Store(options: S3Options): FileStore {
  const { bucket: Bucket } = options;
  let opened: Promise<Opened> | undefined;
  const open = () => (opened ??= openClient(options));

  return {
    async join(key, parts, options) {
      const chain = async function* (store: FileStore) {
        for (const part of parts) yield* await store.read(part);
      };
      return this.write(key, chain(this), options);
    },

    async write(key, body, { signal } = {}) {
      checkKey(key);
      const counted = countBody(body, signal);
      try {
        const { client, Upload } = await open();
        await new Upload({
          client,
          partSize: PART_BYTES,
          queueSize: PARTS_AT_ONCE,
          params: { Bucket, Key: key, Body: Readable.from(counted.chunks) },
        }).done();
        return counted.finish();
      } catch (error) {
        throw counted.failure() ?? remoteFailure(error);
      }
    },

    async read(key, range) {
      checkKey(key);
      const { client, s3 } = await open();
      try {
        const { Body } = await client.send(
          new s3.GetObjectCommand({
            Bucket,
            Key: key,
            ...(range
              ? { Range: `bytes=${range.start}-${range.endInclusive}` }
              : {}),
          }),
        );
        if (Body instanceof Readable) return Body;
        throw new Error("The answer has no body.");
      } catch (error) {
        const status = statusOf(error);
        if (status === 404) throw noSuchFile(error);
        if (status === 416) return Readable.from([]);
        throw remoteFailure(error);
      }
    },

    async size(key) {
      checkKey(key);
      const { client, s3 } = await open();
      try {
        const command = new s3.HeadObjectCommand({ Bucket, Key: key });
        return (await client.send(command)).ContentLength;
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw remoteFailure(error);
      }
    },

    // One by one: the call that takes many needs a checksum that stores of
    // other makers compute in other ways, or do not have.
    async remove(keys) {
      const rest = keys.map(checkKey);
      const { client, s3 } = await open();
      const removeSome = async () => {
        for (let Key = rest.pop(); Key !== undefined; Key = rest.pop()) {
          try {
            await client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
          } catch (error) {
            if (statusOf(error) !== 404) throw remoteFailure(error);
          }
        }
      };
      await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeSome));
    },

    async *list(prefix) {
      const Prefix = checkPrefix(prefix);
      const { client, s3 } = await open();
      const pages = s3.paginateListObjectsV2({ client }, { Bucket, Prefix });
      for await (const { Contents = [] } of withRemoteFailure(pages)) {
        for (const { Key, Size, LastModified } of Contents) {
          if (Key !== undefined && LastModified)
            yield { key: Key, bytes: Size ?? 0, modifiedAt: LastModified };
        }
      }
    },

    async sweep() {
      const opened = await open();
      let removed = 0;
      for (const { Key, UploadId } of await listStaleUploads(opened, Bucket)) {
        const command = new opened.s3.AbortMultipartUploadCommand({
          ...{ Bucket, Key, UploadId },
        });
        await opened.client.send(command).catch((error: unknown) => {
          if (statusOf(error) !== 404) throw remoteFailure(error);
        });
        removed += 1;
      }
      return removed;
    },
  };
}

type S3Module = typeof import("@aws-sdk/client-s3");

type Opened = {
  client: S3Client;
  s3: S3Module;
  Upload: (typeof import("@aws-sdk/lib-storage"))["Upload"];
};

/** The client is loaded only where it is used: it is large. */
async function openClient(options: S3Options): Promise<Opened> {
  const s3 = await import("@aws-sdk/client-s3");
  const { Upload } = await import("@aws-sdk/lib-storage");
  const { endpoint, region, accessKeyId, secretAccessKey } = options;
  const client = new s3.S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey } }
      : {}),
    // The newer default ones break other makers' stores (security.md 2.2).
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      socketTimeout: SILENCE_MS_MAX,
      httpAgent: { maxSockets: SOCKETS_MAX },
      httpsAgent: { maxSockets: SOCKETS_MAX },
    },
  });
  return { client, s3, Upload };
}

/** Uploads in parts whose writer was killed: they cost space and are seen nowhere. */
async function listStaleUploads(
  { client, s3 }: Opened,
  Bucket: string,
): Promise<{ Key: string; UploadId: string }[]> {
  const stale: { Key: string; UploadId: string }[] = [];
  const before = Date.now() - STALE_MS;
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (markers) {
    const command: InstanceType<S3Module["ListMultipartUploadsCommand"]> =
      new s3.ListMultipartUploadsCommand({ Bucket, ...markers });
    const page = await client.send(command).catch((error: unknown) => {
      throw remoteFailure(error);
    });
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key && UploadId && isOurs(Key) && Initiated && +Initiated < before)
        stale.push({ Key, UploadId });
    }
    markers =
      page.IsTruncated && page.NextKeyMarker
        ? {
            KeyMarker: page.NextKeyMarker,
            ...(page.NextUploadIdMarker
              ? { UploadIdMarker: page.NextUploadIdMarker }
              : {}),
          }
        : undefined;
  }
  return stale;
}

function isOurs(key: string): boolean {
  try {
    return checkKey(key) === key;
  } catch {
    // Other programs may use the bucket too.
    return false;
  }
}

async function* withRemoteFailure<T>(
  pages: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* pages;
  } catch (error) {
    throw remoteFailure(error);
  }
}

function statusOf(error: unknown): number | undefined {
  const { $metadata } = (error ?? {}) as {
    $metadata?: { httpStatusCode?: number };
  };
  return $metadata?.httpStatusCode;
}
