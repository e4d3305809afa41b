import type { RemoteFile } from "./remote-media";

/** How far a media file is. On the wire the same words begin with a capital. */
export const MEDIA_STATES = [
  "created",
  "progress",
  "failed",
  "cancelled",
  "completed",
] as const;

export type MediaState = (typeof MEDIA_STATES)[number];

/** What was found inside a file (contract 1.8). Numbers are never null. */
export type MediaInfo = {
  image?: {
    width: number;
    height: number;
    /** Pixels per inch; 72 where the file does not say. */
    resolution: { horizontal: number; vertical: number };
  };
  video?: {
    durationInSeconds: number;
    /** The smallest whole numbers, such as 16 and 9. */
    aspectRatio: { width: number; height: number };
  };
};

/** Why a link was not fetched. A fixed set: nothing of an inside address or answer gets out (security.md 2.1). */
export const LINK_FAILURES = [
  "unreachable",
  "insecure",
  "refused",
  "too_large",
  "too_slow",
  "wrong_type",
  "remote_status",
  "empty",
  "cut_off",
] as const;

export type LinkFailureCode = (typeof LINK_FAILURES)[number];

/** A media file as the Studio and the services pass it on. Times are ISO 8601. */
export type MediaFile = {
  id: string;
  uniqueIdentifier: string | null;
  filename: string;
  origin: "link" | "upload";
  state: MediaState;
  sourceUrl: string | null;
  /** Bytes; null while nobody knows. */
  sizeBytes: number | null;
  arrivedBytes: number;
  mimeType: string | null;
  extension: string;
  mediaInfo: MediaInfo | null;
  /** Set when `state` is `failed`. */
  failure: { code: LinkFailureCode; status: number | null } | null;
  attempts: number;
  /** Where it can be fetched once it is completed; known and final from the start. Of a file at an endpoint empty: see `remote`. */
  publicUrl: string;
  /** Set when the link was sent to an endpoint: the file is there and not here. */
  remote: RemoteFile | null;
  submissionId: string | null;
  actorName: string;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
};
