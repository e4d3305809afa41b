import "server-only";

import { AppError } from "@/lib/domain/errors";

import { env } from "./env";

/**
 * Lets a write through only when a page of the Studio itself sent it: the
 * Origin's host must be the one the request was addressed to, or `PUBLIC_URL`'s.
 *
 * @throws {AppError} `forbidden` for another, a `null` or a missing Origin.
 */
export function requireSameOrigin(headers: Headers): void {
  const origin = hostOf(headers.get("origin"));
  const own = [
    headers.get("host"),
    // With several proxies in a row the first entry is what the browser asked for.
    headers.get("x-forwarded-host")?.split(",")[0]?.trim(),
    hostOf(env().PUBLIC_URL),
  ];
  if (origin && own.some((host) => host?.toLowerCase() === origin)) return;
  throw new AppError(
    "forbidden",
    "This request did not come from a page of this Studio. Open the Studio and do it there; behind a proxy, set PUBLIC_URL to the address people use.",
  );
}

function hostOf(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  return new URL(url).host || undefined;
}
