import "server-only";

import { env } from "./env";

/**
 * Base of the ingest API as machines reach it, without a slash at its end: the
 * setting, else the ingest port on the host that this request came to.
 */
export function ingestUrl(headers: Headers): string {
  const { PUBLIC_INGEST_URL, PUBLIC_URL, INGEST_PORT } = env();
  if (PUBLIC_INGEST_URL) return PUBLIC_INGEST_URL.replace(/\/+$/, "");
  const host = PUBLIC_URL
    ? new URL(PUBLIC_URL).hostname
    : hostOf(headers.get("host"));
  return `http://${host}:${INGEST_PORT}`;
}

// Ends up in programs that people copy: nothing but a host's name may pass.
function hostOf(header: string | null): string {
  const [name] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)/i.exec(header ?? "") ?? [];
  return name ?? "localhost";
}
