import type { Route } from "next";

import { paths } from "./paths";

/**
 * Where to go after signing in: a path of this Studio, whatever the address
 * asked for. Other hosts, and the pages for signing in, lead to the start.
 */
export function safePath(wanted: string | null | undefined): Route {
  if (!wanted?.startsWith("/")) return paths.home();
  const base = "http://studio.invalid";
  if (!URL.canParse(wanted, base)) return paths.home();
  const url = new URL(wanted, base);
  if (
    url.origin !== base ||
    /^\/(sign-in|setup|api)(\/|$)/.test(url.pathname)
  ) {
    return paths.home();
  }
  // Again as a path: `/.//evil.example` has become one of another host.
  if (url.pathname.startsWith("//")) return paths.home();
  return `${url.pathname}${url.search}${url.hash}` as Route;
}
