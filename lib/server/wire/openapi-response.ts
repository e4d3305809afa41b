import "server-only";

import { openApiDocument } from "@/lib/domain/openapi";
import { env } from "@/lib/server/env";
import { ingestUrl } from "@/lib/server/ingest-url";
import { mediaUrl } from "@/lib/server/media/public-url";

/** The document of the API with the addresses that its reader can use. */
export function appOpenApiDocument(headers: Headers) {
  return openApiDocument({
    ingestUrl: ingestUrl(headers),
    mediaUrl: mediaUrl(headers),
  });
}

/** The answer of `GET /openapi.json` on both ports. Tools on other pages may read it: there is nothing private in it. */
export function openApiResponse(request: Request): Response {
  const text = JSON.stringify(appOpenApiDocument(request.headers), null, 2);
  return new Response(text, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
      // It names the host that was asked, unless the settings name one.
      "cache-control": env().PUBLIC_INGEST_URL
        ? "public, max-age=300"
        : "no-store",
    },
  });
}
