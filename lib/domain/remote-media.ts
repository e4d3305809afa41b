import { z } from "zod";

import { remoteAnswerSchema } from "./remote-answer";

export const REMOTE_MEDIA_LIMITS = {
  /** Ids of files there are the endpoint's own; nobody has checked them. */
  idCharsMax: 200,
  urlCharsMax: 4_096,
  textCharsMax: 300,
  /** After so long nobody asks any more whether a file is there. */
  followedHours: 6,
} as const;

/**
 * What the endpoint said last of a link. `answer`: no verdict on this link;
 * `refused`: it does not take it; `taken`: a file there has the unique
 * identifier; `not_fetched`: it could not fetch it; `not_there`: nothing was
 * heard of the file for `hours`; `stopped`: the Studio could not ask.
 */
export const remoteNoteSchema = z.discriminatedUnion("is", [
  z.object({ is: z.literal("answer"), answer: remoteAnswerSchema }),
  z.object({ is: z.literal("refused"), text: z.string() }),
  z.object({
    is: z.literal("taken"),
    fileId: z.string(),
    publicUrl: z.string().nullable(),
  }),
  z.object({ is: z.literal("not_fetched"), text: z.string() }),
  z.object({ is: z.literal("not_there"), hours: z.number() }),
  z.object({ is: z.literal("stopped"), text: z.string() }),
]);
export type RemoteNote = z.output<typeof remoteNoteSchema>;

/** How a file is at the endpoint to which its link was sent. */
export const remoteFileSchema = z.object({
  endpointId: z.string(),
  endpointName: z.string(),
  /** Host, and port where it is not the usual one. */
  host: z.string(),
  /** The file's id there; `null` until the endpoint has told it. */
  fileId: z.string().nullable(),
  /** As the endpoint tells it: any text. */
  publicUrl: z.string().nullable(),
  /** Nobody entered the unique identifier: the Studio made it, so that nothing is sent twice. */
  isIdentifierMade: z.boolean(),
  /** Nothing is sent or asked any more until a person wants it. */
  isHeld: z.boolean(),
  note: remoteNoteSchema.nullable(),
});
export type RemoteFile = z.output<typeof remoteFileSchema>;

/** An endpoint as people choose it; everybody of the tenant may know its name. */
export const endpointChoiceSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  host: z.string(),
});
export type EndpointChoice = z.output<typeof endpointChoiceSchema>;

/**
 * The id of a file there as it may stand in a path: `.` and `..` would name
 * another place.
 */
export function isRemoteFileId(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= REMOTE_MEDIA_LIMITS.idCharsMax &&
    !/^\.{1,2}$/.test(text) &&
    !/[\p{Cc}\\/]/u.test(text) &&
    text.isWellFormed()
  );
}

/** Whether an address that an endpoint told may be a link that people press. */
export function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^/\\@?#]/i.test(text) && URL.canParse(text);
}
