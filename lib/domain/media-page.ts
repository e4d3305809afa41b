import { z } from "zod";

import { LINK_ROWS_MAX } from "./link-row";
import { MEDIA_LIMITS } from "./limits";
import { LINK_FAILURES, MEDIA_STATES, type MediaFile } from "./media";
import {
  checkLinkText,
  filenameProblem,
  uniqueIdentifierProblem,
} from "./media-link";
import { MEDIA_KINDS } from "./media-type";
import {
  endpointChoiceSchema,
  isRemoteFileId,
  remoteFileSchema,
} from "./remote-media";

export const MEDIA_PAGE_LIMITS = {
  rowsDefault: 60,
  rowsMax: 500,
  textCharsMax: 200,
  cursorCharsMax: 400,
  /** Submissions of one page: the files of each are counted. */
  submissionsMax: 20,
  /** Identifiers looked up, files retried or cancelled, in one request. */
  idsMax: 500,
} as const;

/** A media file as it travels to the browser. */
export const mediaFileSchema = z.object({
  id: z.string(),
  uniqueIdentifier: z.string().nullable(),
  filename: z.string(),
  origin: z.enum(["link", "upload"]),
  state: z.enum(MEDIA_STATES),
  sourceUrl: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  arrivedBytes: z.number(),
  mimeType: z.string().nullable(),
  extension: z.string(),
  mediaInfo: z
    .object({
      image: z
        .object({
          width: z.number(),
          height: z.number(),
          resolution: z.object({
            horizontal: z.number(),
            vertical: z.number(),
          }),
        })
        .optional(),
      video: z
        .object({
          durationInSeconds: z.number(),
          aspectRatio: z.object({ width: z.number(), height: z.number() }),
        })
        .optional(),
    })
    .nullable(),
  failure: z
    .object({ code: z.enum(LINK_FAILURES), status: z.number().nullable() })
    .nullable(),
  attempts: z.number(),
  publicUrl: z.string(),
  remote: remoteFileSchema.nullable(),
  submissionId: z.string().nullable(),
  actorName: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  completedAt: z.string().nullable(),
}) satisfies z.ZodType<MediaFile>;

/** What the list of files is narrowed to. */
export const mediaFilterSchema = z.object({
  /** Part of a name or of a unique identifier. */
  text: z.string().max(MEDIA_PAGE_LIMITS.textCharsMax).default(""),
  type: z.enum(MEDIA_KINDS).nullable().default(null),
  state: z.enum(MEDIA_STATES).nullable().default(null),
  /** Files that were sent to this endpoint; `null`: this Studio's. */
  endpoint: z.uuid().nullable().default(null),
});

export type MediaFilter = z.output<typeof mediaFilterSchema>;

/** As `GET /api/media` reads its address. */
export const mediaQuerySchema = mediaFilterSchema.extend({
  submissionId: z.uuid().nullable().default(null),
  after: z
    .string()
    .max(MEDIA_PAGE_LIMITS.cursorCharsMax)
    .nullable()
    .default(null),
  rows: z.coerce
    .number()
    .int()
    .min(1)
    .max(MEDIA_PAGE_LIMITS.rowsMax)
    .default(MEDIA_PAGE_LIMITS.rowsDefault),
});

export type MediaQuery = z.output<typeof mediaQuerySchema>;

export const mediaPageSchema = z.object({
  files: z.array(mediaFileSchema),
  /** Where the next page begins; `null` on the last. */
  next: z.string().nullable(),
});

export type MediaPage = z.output<typeof mediaPageSchema>;

const announcedShape = {
  actorName: z.string(),
  createdAt: z.string(),
  /** Links that it has, also those that are still in the browser. */
  links: z.number().int(),
  /** Links, from the first on, that were taken or refused. */
  answered: z.number().int(),
  refused: z.number().int(),
  /** Where the links go; `null`: to this Studio. */
  endpoint: endpointChoiceSchema.nullable(),
};

/** What has changed in a submission since an earlier answer. */
export const submissionChangesSchema = z.object({
  files: z.array(mediaFileSchema),
  /** Files that the submission has by now. */
  total: z.number().int(),
  /** To be given back with the next question. */
  until: z.string(),
  /** What its browser has announced; `null` for links of a program. */
  submission: z
    .object({
      ...announcedShape,
      /** Its browser was heard of within the last minute and has links left. */
      isSending: z.boolean(),
    })
    .nullable(),
});

export type SubmissionChanges = z.output<typeof submissionChangesSchema>;

/** As `GET /api/media/submissions` reads its address. */
export const submissionQuerySchema = z.object({
  after: mediaQuerySchema.shape.after,
});

/** How far a submission is. Files that were deleted are counted in no state. */
export const submissionSummarySchema = z.object({
  id: z.string(),
  ...announcedShape,
  files: z.record(z.enum(MEDIA_STATES), z.number().int()),
});

export type SubmissionSummary = z.output<typeof submissionSummarySchema>;

export const submissionPageSchema = z.object({
  submissions: z.array(submissionSummarySchema),
  /** Where the next page begins; `null` on the last. */
  next: z.string().nullable(),
});

export type SubmissionPage = z.output<typeof submissionPageSchema>;

export const takenFileSchema = z.object({
  id: z.string(),
  filename: z.string(),
  publicUrl: z.string(),
});

export const identifierLookupSchema = z.object({
  identifiers: z.array(z.string()).min(1).max(MEDIA_PAGE_LIMITS.idsMax),
  /** Whose files are asked for; `null`: this Studio's. */
  endpointId: z.uuid().nullable().default(null),
});

/** Pairs, because any text may be an identifier. */
export const identifierAnswerSchema = z.array(
  z.tuple([z.string(), takenFileSchema]),
);

const sentence = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** Up to 50 links of a submission, as the page sends them. Sent again, they change nothing. */
export const linkBatchSchema = z.object({
  submissionId: z.uuid(),
  /** Who entered the links (`submissionOwner`): they are sent in nobody else's name. */
  owner: z.string(),
  /** Links of the whole submission: whoever watches it knows what is to come. */
  total: z.number().int().min(1).max(LINK_ROWS_MAX),
  /** Where they go; without it to this Studio. */
  endpointId: z.uuid().nullish(),
  links: z
    .array(
      z.object({
        /** Its place in the submission, from 0. */
        position: z.number().int().min(0).max(LINK_ROWS_MAX),
        link: sentence(checkLinkText),
        filename: sentence(filenameProblem),
        uniqueIdentifier: sentence(uniqueIdentifierProblem).nullable(),
        /** The file that has the identifier and is deleted first. */
        replaces: z.string().refine(isRemoteFileId).nullable(),
      }),
    )
    .min(1)
    .max(MEDIA_LIMITS.linksPerRequestMax),
});

export type LinkBatch = z.output<typeof linkBatchSchema>;
export type LinkToSend = LinkBatch["links"][number];

/** How a browser knows the person who began a submission from others who sign in there. */
export function submissionOwner(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}

/** A link that was not taken after all, with the sentence that says why. */
export type RefusedLink = { position: number; message: string };

export const mediaIdsSchema = z
  .array(z.uuid())
  .min(1)
  .max(MEDIA_PAGE_LIMITS.idsMax);
