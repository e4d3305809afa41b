import { failures, type ApiCall, type ApiParameter } from "./api-call";

const fileId: ApiParameter = {
  name: "fileId",
  in: "path",
  description: "What stands after the last slash of Location.",
  schema: { type: "string" },
};

const header = (
  name: string,
  description: string,
  schema: ApiParameter["schema"] = { type: "string" },
): ApiParameter => ({
  name,
  in: "header",
  description,
  required: true,
  schema,
});

const resumable = header("Tus-Resumable", "The version of the protocol.", {
  type: "string",
  const: "1.0.0",
});

const offset = "Bytes that have arrived.";

/** Direct uploads: tus 1.0.0 with creation, expiration and termination. */
export const UPLOAD_CALLS: ApiCall[] = [
  {
    id: "createUpload",
    group: "Direct upload",
    method: "POST",
    path: "/media/uploads/files",
    title: "Begin a direct upload",
    description:
      "Says how long the file is and what it is called. The id at the end of Location is the id of the media file. An upload that is not finished within 24 hours is dropped.",
    parameters: [
      resumable,
      header("Upload-Length", "Bytes of the whole file, 1 to 2147483647.", {
        type: "integer",
        minimum: 1,
      }),
      header(
        "Upload-Metadata",
        "Keys and base64 values, separated by commas: Filename, and if you like MimeType, Size, UniqueIdentifier. Keys count in any letter case.",
      ),
    ],
    answers: [
      {
        status: 201,
        description: "Send the chunks to Location.",
        headers: {
          Location: "Where the chunks go.",
          "Upload-Expires": "When it is dropped.",
          "Tus-Resumable": "1.0.0",
        },
      },
      ...failures({
        400: "Length or metadata are not right.",
        401: true,
        409: "A finished file has this unique identifier.",
        412: true,
        413: "The file is larger than what is taken.",
      }),
    ],
  },
  {
    id: "describeUploads",
    group: "Direct upload",
    method: "OPTIONS",
    path: "/media/uploads/files",
    title: "Ask what uploads can do",
    description: "Versions, extensions and the largest file.",
    isPublic: true,
    answers: [
      {
        status: 204,
        description: "See the headers.",
        headers: {
          "Tus-Version": "1.0.0",
          "Tus-Extension": "What is offered.",
          "Tus-Max-Size": "Bytes of the largest file.",
        },
      },
    ],
  },
  {
    id: "sendChunk",
    group: "Direct upload",
    method: "PATCH",
    path: "/media/uploads/files/{fileId}",
    title: "Send a chunk",
    description:
      "The bytes that follow Upload-Offset, one chunk after another. A chunk is stored whole or not at all, and an exact repeat of the last one is answered like the first. After the last chunk the file is complete. A refusal never has Upload-Offset.",
    parameters: [
      fileId,
      resumable,
      header("Upload-Offset", offset, { type: "integer", minimum: 0 }),
    ],
    body: { type: "application/offset+octet-stream" },
    answers: [
      {
        status: 204,
        description: "Stored.",
        headers: { "Upload-Offset": offset, "Tus-Resumable": "1.0.0" },
      },
      ...failures({
        400: "The chunk is empty, cut off or too slow; nothing of it was stored.",
        401: true,
        404: true,
        409: "Upload-Offset is not what has arrived. Ask with HEAD.",
        412: true,
        413: "The chunk goes beyond the length of the file.",
        415: true,
        429: "Too many chunks are being received at once.",
      }),
    ],
  },
  {
    id: "getOffset",
    group: "Direct upload",
    method: "HEAD",
    path: "/media/uploads/files/{fileId}",
    title: "See how much has arrived",
    description: "To go on after an interruption.",
    parameters: [fileId, resumable],
    answers: [
      {
        status: 200,
        description: "See the headers.",
        headers: {
          "Upload-Offset": offset,
          "Upload-Length": "Bytes of the whole file.",
          "Upload-Metadata": "As it was sent.",
          "Upload-Expires": "When it is dropped, unless it is finished.",
        },
      },
      // An answer to HEAD has no body, whatever it is.
      { status: 401, description: "The token is missing or not valid." },
      { status: 404, description: "There is no such upload." },
      { status: 412, description: "Another version of the protocol." },
      { status: 503, description: "Try again in a moment." },
    ],
  },
  {
    id: "cancelUpload",
    group: "Direct upload",
    method: "DELETE",
    path: "/media/uploads/files/{fileId}",
    title: "Cancel an upload",
    description: "Removes what arrived of an upload that is not finished.",
    parameters: [fileId, resumable],
    answers: [
      { status: 204, description: "Cancelled." },
      ...failures({
        401: true,
        404: true,
        409: "It is finished and a media file: delete that.",
        412: true,
      }),
    ],
  },
];
