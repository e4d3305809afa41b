/**
 * What our own importer packs (contract 1.2, recommended limits). Strict, so
 * that a batch of ours is taken by any server of this contract.
 */
export const SEND_LIMITS = {
  entitiesPerBatchMax: 1_000,
  batchBytesMax: 20_000_000,
  entityBytesMax: 1_000_000,
} as const;

export type SendLimits = {
  readonly [limit in keyof typeof SEND_LIMITS]: number;
};

/** What the ingest API refuses (contract 6, "Hard limits"). Lenient: above a recommendation is accepted and flagged. */
export const ACCEPT_LIMITS = {
  /** A body above this answers 413. */
  bodyBytesMax: 30_000_000,
  /** Above this a body is accepted and flagged in the import log. */
  bodyBytesAdvised: 20_000_000,
  /** Above this a payload is accepted and flagged in the import log. */
  entitiesAdvised: 1_000,
  /** "1 MB" read generously, as 1,048,576 bytes. An entity above it refuses the payload. */
  entityBytesMax: 1_048_576,
  /** Nested deeper, a body is refused before it is parsed (security.md R15). */
  nestingMax: 32,
  /** Members of one object; the API's own objects have three. */
  membersPerObjectMax: 1_000,
  /**
   * Bytes of a body for each array or object, and for each number, in it. No
   * import is as dense: an entity has 12 bytes at least, a property with a
   * number 20. Denser bodies cost seconds and gigabytes to parse.
   */
  bytesPerContainerMin: 10,
  bytesPerNumberMin: 16,
  /** Bodies with so few of them are parsed however dense they are. */
  containersAlways: 100_000,
  /** Distinct (property id, language) pairs of one source; tracking is made for hundreds. */
  propertiesPerSourceMax: 20_000,
  /** Problems listed in one refusal (security.md 0.9). */
  errorsListedMax: 100,
  tokenBodyBytesMax: 8_192,
} as const;

/** Of the media calls (contract 1.3 to 1.9 and section 6). */
export const MEDIA_LIMITS = {
  linksPerRequestMax: 50,
  identifiersPerRequestMax: 50,
  /** Room for 50 links at their longest, every character escaped. */
  bodyBytesMax: 1_000_000,
  linkCharsMax: 2_048,
  filenameCharsMax: 255,
  uniqueIdentifierCharsMax: 512,
  /** A file above this is refused; clients count its bytes in 32 bits. */
  fileBytesMax: 2_147_483_647,
  /** An upload that is not finished by then is dropped. */
  uploadHoursMax: 24,
  /** How long the call that takes links waits for files that arrive in time. */
  linksWaitSecondsMax: 20,
} as const;

export const IDENTIFIER_LIMITS = {
  keyCharsMax: 256,
  propertyIdCharsMax: 256,
  languageCharsMin: 2,
  languageCharsMax: 10,
} as const;

/** What one spreadsheet may hold before the import page asks for another shape. */
export const TABLE_LIMITS = {
  columnsMax: 1_000,
  cellCharsMax: 1_000_000,
  headerCharsMax: 1_000,
  /** Counts of rows are kept in 32 bits. */
  rowNumberMax: 1_000_000_000,
} as const;
