import "server-only";

import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";
import type { FileStore } from "@/lib/server/file-store/service";
import { tokenContext, verifyAccessToken } from "@/lib/server/tokens/service";
import {
  wireMethodNotAllowed,
  wireRoute,
  type WireHandler,
} from "@/lib/server/wire-route";

import {
  answerUpload,
  describeUploads,
  UPLOAD_HEADERS,
  UPLOAD_METHODS,
  UPLOADS_METHODS,
} from "./service";

/** Path of the uploads of the ingest API (contract 1.5). */
export const WIRE_UPLOADS_PATH = "/media/uploads/files";

type Deps = { db: () => Db; store: () => FileStore; now: () => Date };

/** Direct uploads for providers: both paths of the protocol, all methods. */
export function createUploadHandler({ db, store, now }: Deps): WireHandler {
  const answer = wireRoute(async ({ request, url, body }) => {
    if (request.method === "OPTIONS") return describeUploads();
    const id = idIn(url);
    const ctx = await authorize(request);
    const baseUrl = `${originOf(request, url)}${WIRE_UPLOADS_PATH}`;
    return answerUpload(
      { store: store(), now },
      { ctx, request, body, baseUrl, id },
    );
  });

  async function authorize({ headers }: Request): Promise<Context> {
    const header = headers.get("authorization");
    return tokenContext(db(), await verifyAccessToken(db(), header, now()));
  }

  return async (request, peer) => {
    const isOne = idIn(new URL(request.url)) !== undefined;
    const allowed = isOne ? UPLOAD_METHODS : UPLOADS_METHODS;
    const response = allowed.split(", ").includes(request.method)
      ? await answer(request, peer)
      : await wireMethodNotAllowed(allowed)(request);
    for (const [name, value] of Object.entries(UPLOAD_HEADERS)) {
      response.headers.set(name, value);
    }
    return response;
  };
}

function idIn({ pathname }: URL): string | undefined {
  const rest = pathname.slice(WIRE_UPLOADS_PATH.length).replace(/^\/|\/$/g, "");
  return rest === "" ? undefined : rest;
}

/** As the client named us: its next request goes to what this gives. */
function originOf({ headers }: Request, url: URL): string {
  const { PUBLIC_INGEST_URL } = env();
  if (PUBLIC_INGEST_URL) return PUBLIC_INGEST_URL.replace(/\/+$/, "");
  const first = (name: string) => headers.get(name)?.split(",")[0]?.trim();
  const protocol = first("x-forwarded-proto") ?? url.protocol.slice(0, -1);
  const host = first("x-forwarded-host") ?? first("host") ?? url.host;
  const origin = `${protocol === "https" ? "https" : "http"}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : url.origin;
}
