import {
  failureSchema,
  fileAnswerSchema,
  fileFailureSchema,
  filesAnswerSchema,
  healthSchema,
  importAnswerSchema,
  linksAnswerSchema,
  notReadySchema,
  readySchema,
  tokenAnswerSchema,
  uploadAnswerSchema,
  wireErrorSchema,
} from "./wire-answer-schema";
import {
  entityPropertySchema,
  entitySchema,
  importBodySchema,
  tokenBodySchema,
} from "./wire-import-schema";
import {
  identifiersBodySchema,
  linkItemSchema,
  linksBodySchema,
} from "./wire-media";
import {
  itemFailureSchema,
  mediaFileResultSchema,
  uploadResultSchema,
} from "./wire-media-answer";

/** Every schema of the API's document, by the name it has there. */
export const API_SCHEMAS = {
  TokenBody: tokenBodySchema,
  TokenAnswer: tokenAnswerSchema,
  ImportBody: importBodySchema,
  Entity: entitySchema,
  EntityProperty: entityPropertySchema,
  ImportAnswer: importAnswerSchema,
  LinksBody: linksBodySchema,
  LinkItem: linkItemSchema,
  LinksAnswer: linksAnswerSchema,
  Upload: uploadResultSchema,
  UploadAnswer: uploadAnswerSchema,
  IdentifiersBody: identifiersBodySchema,
  MediaFile: mediaFileResultSchema,
  FileAnswer: fileAnswerSchema,
  FilesAnswer: filesAnswerSchema,
  ItemFailure: itemFailureSchema,
  Failure: failureSchema,
  FileFailure: fileFailureSchema,
  Error: wireErrorSchema,
  Health: healthSchema,
  Ready: readySchema,
  NotReady: notReadySchema,
} as const;

export type ApiSchemaName = keyof typeof API_SCHEMAS;
