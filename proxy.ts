import { NextResponse, type NextRequest } from "next/server";

import { env } from "@/lib/server/env";
import { mediaUrl } from "@/lib/server/media/public-url";

/**
 * Sets what each page needs: its Content-Security-Policy with a fresh nonce,
 * and its own path. It decides nothing: sessions are checked where data is read.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(
    crypto.getRandomValues(new Uint8Array(16)),
  ).toString("base64");
  const mediaOrigin = new URL(mediaUrl(request.headers)).origin;
  const policy = contentSecurityPolicy(nonce, mediaOrigin);

  const headers = new Headers(request.headers);
  const { pathname, search } = request.nextUrl;
  headers.set("x-nonce", nonce);
  headers.set("x-studio-path", `${pathname}${search}`);
  headers.set("content-security-policy", policy);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (env().PUBLIC_URL?.startsWith("https://")) {
    // Browsers heed both on https only.
    response.headers.set("strict-transport-security", "max-age=31536000");
    response.headers.set("cross-origin-opener-policy", "same-origin");
  }
  return response;
}

function contentSecurityPolicy(nonce: string, mediaOrigin: string): string {
  const isDevelopment = env().NODE_ENV === "development";
  return [
    "default-src 'self'",
    // React's development build evaluates code; the page reloads over a socket.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `connect-src 'self'${isDevelopment ? " ws: wss:" : ""}`,
    // Radix and sonner add style elements that cannot carry a nonce.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${mediaOrigin}`,
    `media-src ${mediaOrigin}`,
    "font-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

// A matched request's body is cut at 10 MB in silence, so nothing that takes
// bodies may match: the wire API, /api, and the static files.
export const config = {
  matcher: [
    "/((?!(?:api|_next/static|_next/image|dataProviders|import|health|ready|openapi\\.json)(?:/|$)|media/|theme\\.js$|icon\\.svg$|favicon\\.ico$).*)",
  ],
};
