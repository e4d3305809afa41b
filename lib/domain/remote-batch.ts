import { z } from "zod";

import { remoteAnswerSchema } from "./remote-answer";

/** Answers that are kept of one batch; those beyond are counted with the last one like them. */
export const BATCH_ANSWERS_MAX = 60;
/** Answers that are kept of one run, beside the first three of each batch. */
export const RUN_ANSWERS_MAX = 10_000;

/** One answer to one request of a batch. */
export const remoteReplySchema = remoteAnswerSchema.extend({
  /** What was asked for: a token, or to take entities. */
  asked: z.enum(["token", "import"]),
  /** Which try of the batch, from 1 on. */
  attempt: z.number().int(),
  /** Of the entities of the batch, from 0 on: first and last that the request held, and how many. */
  fromAt: z.number().int(),
  toAt: z.number().int(),
  entities: z.number().int(),
  at: z.iso.datetime(),
  /** Later answers like this one that are only counted, and when the last of them came. */
  more: z.number().int(),
  lastAt: z.iso.datetime(),
});
export type RemoteReply = z.output<typeof remoteReplySchema>;

export const remoteReplyPageSchema = z.object({
  replies: z.array(remoteReplySchema),
});
export type RemoteReplyPage = z.output<typeof remoteReplyPageSchema>;

/**
 * Where a batch of a remote run is. `waiting`: not tried yet. `again`: tried,
 * and tried again at `dueAt`. `held`: until a person does something. `dropped`:
 * its run was cancelled before it was accepted.
 */
export const REMOTE_BATCH_STATES = [
  "waiting",
  "sending",
  "again",
  "held",
  "accepted",
  "aside",
  "dropped",
] as const;
export type RemoteBatchState = (typeof REMOTE_BATCH_STATES)[number];

export const remoteBatchSchema = z.object({
  sequence: z.number().int(),
  state: z.enum(REMOTE_BATCH_STATES),
  /** Rows of the file; 0 where they are not known any more. */
  firstRow: z.number().int(),
  lastRow: z.number().int(),
  entities: z.number().int(),
  /** Of the entities: refused and set aside. */
  aside: z.number().int(),
  attempts: z.number().int(),
  /** Answers that are known, counted ones among them. */
  replies: z.number().int(),
  /** The last answer, and when it came. */
  answer: remoteAnswerSchema.nullable(),
  at: z.iso.datetime().nullable(),
  /** When the next try is due. */
  dueAt: z.iso.datetime().nullable(),
});
export type RemoteBatch = z.output<typeof remoteBatchSchema>;

export const remoteBatchPageSchema = z.object({
  batches: z.array(remoteBatchSchema),
  /** Sequence to continue after; `null` on the last page. */
  nextAfter: z.number().int().nullable(),
});
export type RemoteBatchPage = z.output<typeof remoteBatchPageSchema>;
