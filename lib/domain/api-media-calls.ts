import {
  EXAMPLE_REQUEST_ID,
  failures,
  type ApiCall,
  type ApiParameter,
} from "./api-call";
import { MEDIA_LIMITS } from "./limits";

const { linksPerRequestMax, identifiersPerRequestMax } = MEDIA_LIMITS;

const FILE_ID = "5f639717-c581-4924-82e0-434b006fe149";
const TENANT_ID = "9d1c44c4-92a5-4a6f-b0a1-6f0f8a3f3a11";
const LINK = "https://images.example.com/chair.jpg";

const UPLOAD = {
  id: FILE_ID,
  progress: {
    totalSize: 48_213,
    uploadedSize: 48_213,
    completedPercentage: 100,
    isCompleted: true,
  },
  state: "Completed",
  sourceUrl: LINK,
  createdAt: "2026-11-22T09:30:00.000Z",
  updatedAt: "2026-11-22T09:30:01.250Z",
  metadata: {
    filename: "chair.jpg",
    mimeType: "image/jpeg",
    size: 48_213,
    uniqueIdentifier: "url_chair.jpg",
  },
};

const FILE = {
  id: FILE_ID,
  publicUrl: `https://media.example.com/${TENANT_ID}/${FILE_ID}/chair.jpg`,
  sourceUrl: LINK,
  location: {
    hostName: "media.example.com",
    containerName: TENANT_ID,
    fileName: `${FILE_ID}/chair.jpg`,
  },
  metadata: {
    filename: "chair.jpg",
    mimeType: "image/jpeg",
    extension: "jpg",
    size: 48_213,
    mediaInfo: {
      video: null,
      image: {
        width: 1_200,
        height: 900,
        resolution: { vertical: 72, horizontal: 72 },
      },
    },
  },
  uniqueIdentifier: "url_chair.jpg",
  state: "Completed",
};

const success = (result: unknown) => ({
  result,
  errors: [],
  requestId: EXAMPLE_REQUEST_ID,
});

const itemFailure = (message: string) => ({ message, error: message });

const fileId: ApiParameter = {
  name: "fileId",
  in: "path",
  description: "Id of the media file.",
  schema: { type: "string" },
};

const pathText = (name: string, description: string): ApiParameter => ({
  name,
  in: "path",
  description,
  schema: { type: "string" },
});

const PUBLIC_PARAMETERS: ApiParameter[] = [
  pathText("tenantId", "The part of publicUrl before the file."),
  fileId,
  pathText("filename", "For people; the ids find the file."),
  {
    name: "impolicy",
    in: "query",
    description: "small: a thumbnail. Others are ignored.",
    schema: { type: "string" },
  },
  {
    name: "Range",
    in: "header",
    description: "A part of the file.",
    schema: { type: "string" },
  },
];

/** The calls about media files, but for direct uploads. */
export const MEDIA_CALLS: ApiCall[] = [
  {
    id: "uploadLinks",
    group: "Media by link",
    method: "PUT",
    path: "/media/uploads/links",
    title: "Fetch files by link",
    description: `Makes a media file of each of up to ${linksPerRequestMax} public links. The files have their final id and address when the answer leaves; it waits up to ${MEDIA_LIMITS.linksWaitSecondsMax} seconds for downloads that end in time, the others go on. A link whose unique identifier is taken is skipped and stands in failures. Items are keyed by their link; a link that comes again by link#2.`,
    body: {
      schema: "LinksBody",
      example: {
        links: [
          {
            link: LINK,
            filename: "chair.jpg",
            uniqueIdentifier: "url_chair.jpg",
          },
        ],
      },
    },
    answers: [
      {
        status: 202,
        description: "Taken. See succeeded and failures, item by item.",
        schema: "LinksAnswer",
        example: success({ succeeded: { [LINK]: UPLOAD }, failures: {} }),
      },
      ...failures({
        400: "An item breaks a rule, or there are none or too many: nothing was taken.",
        401: true,
        413: "The body is too large.",
        415: true,
        429: "The provider or the server has too many of these calls in work.",
      }),
    ],
  },
  {
    id: "getUpload",
    group: "Media by link",
    method: "GET",
    path: "/media/uploads/{uploadId}",
    title: "See how far an upload is",
    description: "State and progress of a link or a direct upload.",
    parameters: [pathText("uploadId", "Id of the upload: that of its file.")],
    answers: [
      {
        status: 200,
        description: "How far it is.",
        schema: "UploadAnswer",
        example: success(UPLOAD),
      },
      ...failures({ 401: true, 404: true }),
    ],
  },
  {
    id: "findFiles",
    group: "Media files",
    method: "POST",
    path: "/media/files/batch",
    title: "Find files by unique identifier",
    description: `Looks up to ${identifiersPerRequestMax} unique identifiers up. What is not found stands in failures, and the status is 200 all the same. A link that is still being fetched counts as found.`,
    body: {
      schema: "IdentifiersBody",
      example: { uniqueIdentifiers: ["url_chair.jpg", "url_table.jpg"] },
    },
    answers: [
      {
        status: 200,
        description: "What was found, and what was not.",
        schema: "FilesAnswer",
        example: success({
          succeeded: { "url_chair.jpg": FILE },
          failures: {
            "url_table.jpg": itemFailure(
              'Media file with the unique identifier "url_table.jpg" not found. Upload it first; one whose link could not be fetched is not kept.',
            ),
          },
        }),
      },
      ...failures({ 400: true, 401: true, 413: true, 415: true }),
    ],
  },
  {
    id: "getFile",
    group: "Media files",
    method: "GET",
    path: "/media/files/{fileId}",
    title: "Show a file",
    description: "Address, size, type and what is inside.",
    parameters: [fileId],
    answers: [
      {
        status: 200,
        description: "The file.",
        schema: "FileAnswer",
        example: success(FILE),
      },
      ...failures({ 401: true, 404: true }),
    ],
  },
  {
    id: "deleteFile",
    group: "Media files",
    method: "DELETE",
    path: "/media/files/{fileId}",
    title: "Delete a file",
    description:
      "Removes the file for good; its unique identifier can be used again. To replace a file, delete it and upload the new one.",
    parameters: [fileId],
    answers: [
      { status: 204, description: "Deleted." },
      ...failures({ 401: true, 404: true }),
    ],
  },
  {
    id: "readFile",
    group: "Media files",
    method: "GET",
    path: "/{tenantId}/{fileId}/{filename}",
    title: "Read a file's content",
    description:
      "The publicUrl of a file: for everybody who knows it, without a token. It supports ranges and ETags, and may be cached for long, as the content of a file never changes.",
    isPublic: true,
    isOnMediaHost: true,
    parameters: PUBLIC_PARAMETERS,
    answers: [
      { status: 200, description: "The content.", type: "*/*" },
      {
        status: 206,
        description: "The part that was asked for.",
        type: "*/*",
        headers: { "Content-Range": "Which part it is." },
      },
      { status: 304, description: "It is the one you have." },
      {
        status: 404,
        description: "There is no such file.",
        schema: "FileFailure",
      },
      {
        status: 416,
        description: "The file has no such part.",
        schema: "FileFailure",
      },
    ],
  },
];
