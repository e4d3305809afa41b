import { z } from "zod";

import { MEDIA_STATES, type MediaFile, type MediaState } from "./media";
import { failureText } from "./media-failure";
import { UNKNOWN_MEDIA_TYPE } from "./media-type";

const STATE_NAMES = {
  created: "Created",
  progress: "Progress",
  failed: "Failed",
  cancelled: "Cancelled",
  completed: "Completed",
} as const satisfies Record<MediaState, string>;

const stateSchema = z
  .enum(MEDIA_STATES.map((state) => STATE_NAMES[state]))
  .meta({ description: "How far it is." });

const bytes = z.number().int().min(0);

/** How far a file is: the answer of `GET /media/uploads/{uploadId}` (contract 1.3). */
export const uploadResultSchema = z.object({
  id: z.uuid().meta({ description: "Also the id of the media file." }),
  progress: z.object({
    totalSize: bytes.nullable(),
    uploadedSize: bytes.nullable(),
    completedPercentage: z.number().min(0).max(100).nullable(),
    isCompleted: z.boolean(),
  }),
  state: stateSchema,
  // Never null: it makes the official client throw (contract 3.3).
  sourceUrl: z
    .string()
    .optional()
    .meta({ description: "The link; missing for direct uploads." }),
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  metadata: z.object({
    filename: z.string(),
    mimeType: z.string().nullable(),
    size: bytes.meta({ description: "Bytes; 0 while nobody knows." }),
    uniqueIdentifier: z.string().nullable(),
  }),
  error: z
    .object({ message: z.string() })
    .optional()
    .meta({ description: "Why it failed; only then." }),
});

/** A media file: the answer of `GET /media/files/{fileId}` (contract 1.8). */
export const mediaFileResultSchema = z.object({
  id: z.uuid(),
  publicUrl: z.string(),
  sourceUrl: z.string().nullable(),
  location: z.object({
    hostName: z.string(),
    containerName: z.string(),
    fileName: z.string(),
  }),
  metadata: z.object({
    filename: z.string(),
    mimeType: z.string(),
    extension: z.string(),
    size: bytes,
    mediaInfo: z.object({
      video: z
        .object({
          durationInSeconds: z.number().int(),
          aspectRatio: z.object({
            height: z.number().int(),
            width: z.number().int(),
          }),
        })
        .nullable(),
      image: z
        .object({
          width: z.number().int(),
          height: z.number().int(),
          resolution: z.object({
            vertical: z.number(),
            horizontal: z.number(),
          }),
        })
        .nullable(),
    }),
  }),
  uniqueIdentifier: z.string().nullable(),
  state: stateSchema,
});

/** One item of `failures`: both names have been in use (contract 1.0). */
export const itemFailureSchema = z.object({
  message: z.string(),
  error: z.string(),
});

/** Success by item: `succeeded` and `failures` are there always, empty or not. */
export function partialSuccessSchema<S extends z.ZodType>(item: S) {
  return z.object({
    succeeded: z.record(z.string(), item),
    failures: z.record(z.string(), itemFailureSchema),
  });
}

export type UploadResult = z.output<typeof uploadResultSchema>;
export type MediaFileResult = z.output<typeof mediaFileResultSchema>;
export type PartialSuccess<T> = {
  succeeded: Record<string, T>;
  failures: Record<string, z.output<typeof itemFailureSchema>>;
};

/** How far a file is, as the API says it. */
export function uploadResult(file: MediaFile): UploadResult {
  const { state, sizeBytes, arrivedBytes, sourceUrl } = file;
  const isCompleted = state === "completed";
  return {
    id: file.id,
    progress: {
      totalSize: sizeBytes,
      uploadedSize: arrivedBytes,
      completedPercentage: percentage(file),
      isCompleted,
    },
    state: STATE_NAMES[state],
    ...(sourceUrl !== null && { sourceUrl }),
    createdAt: file.createdAt,
    updatedAt: file.updatedAt,
    metadata: {
      filename: file.filename,
      mimeType: file.mimeType,
      size: sizeBytes ?? 0,
      uniqueIdentifier: file.uniqueIdentifier,
    },
    ...(file.failure && { error: { message: failureText(file.failure) } }),
  };
}

/** A media file as the API says it. */
export function mediaFileResult(file: MediaFile): MediaFileResult {
  const { origin, pathname } = new URL(file.publicUrl);
  const [fileName = "", fileId = "", containerName = ""] = pathname
    .split("/")
    .reverse();
  return {
    id: file.id,
    publicUrl: file.publicUrl,
    sourceUrl: file.sourceUrl,
    location: {
      hostName: new URL(origin).host,
      containerName,
      fileName: `${fileId}/${fileName}`,
    },
    metadata: {
      filename: file.filename,
      mimeType: file.mimeType ?? UNKNOWN_MEDIA_TYPE,
      extension: file.extension,
      size: file.sizeBytes ?? 0,
      mediaInfo: {
        video: file.mediaInfo?.video ?? null,
        image: file.mediaInfo?.image ?? null,
      },
    },
    uniqueIdentifier: file.uniqueIdentifier,
    state: STATE_NAMES[file.state],
  };
}

/**
 * The dictionaries of a partial success. Their keys come from outside, so the
 * objects have no prototype: `__proto__` is a key like any other.
 */
export function partialSuccess<T>(
  succeeded: Iterable<readonly [key: string, result: T]>,
  failures: Iterable<readonly [key: string, message: string]>,
): PartialSuccess<T> {
  const answer: PartialSuccess<T> = {
    succeeded: Object.create(null) as Record<string, T>,
    failures: Object.create(null) as PartialSuccess<T>["failures"],
  };
  for (const [key, result] of succeeded) answer.succeeded[key] = result;
  for (const [key, message] of failures)
    answer.failures[key] = { message, error: message };
  return answer;
}

/** What each link of a request is keyed by: the link, and `link#2` when it comes again. */
export function linkKeys(links: readonly string[]): string[] {
  const taken = new Set<string>();
  return links.map((link) => {
    let key = link;
    for (let n = 2; taken.has(key); n += 1) key = `${link}#${n}`;
    taken.add(key);
    return key;
  });
}

function percentage({
  state,
  sizeBytes,
  arrivedBytes,
}: MediaFile): number | null {
  if (state === "completed") return 100;
  if (!sizeBytes) return null;
  return Math.min(100, Math.floor((arrivedBytes * 1_000) / sizeBytes) / 10);
}
