import type { AddressInfo } from "node:net";

import { appWireApi } from "@/lib/server/wire/app-wire-api";
import { createIngestListener } from "@/lib/server/ingest-listener/app";

/** The ingest API at one of its two mounts; `fetch` takes a path. */
export type WireMount = {
  name: string;
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  close: () => Promise<void>;
};

type Handler = (request: Request) => Promise<Response>;
type RouteModule = Record<string, unknown>;

/** The listener, over real HTTP, on `appDb()`. */
export async function listenerMount(): Promise<WireMount & { port: number }> {
  const listener = createIngestListener(appWireApi());
  const { server } = listener;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name: "the listener",
    port,
    fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    close: () => listener.stop(),
  };
}

// The folders of app/(ingest), whose brackets are part of the names.
const ROUTES: [RegExp, () => Promise<RouteModule>][] = [
  [
    /^\/dataProviders\/tokens$/,
    () => import("../../app/(ingest)/dataProviders/tokens/route"),
  ],
  [
    /^\/import\/[^/]+$/,
    () => import("../../app/(ingest)/import/[dataSource]/route"),
  ],
  [
    /^\/media\/uploads\/links$/,
    () => import("../../app/(ingest)/media/uploads/links/route"),
  ],
  [
    /^\/media\/files\/batch$/,
    () => import("../../app/(ingest)/media/files/batch/route"),
  ],
  [
    /^\/media\/uploads\/files$/,
    () => import("../../app/(ingest)/media/uploads/files/route"),
  ],
  [
    /^\/media\/uploads\/files\/[^/]+$/,
    () => import("../../app/(ingest)/media/uploads/files/[fileId]/route"),
  ],
  [
    /^\/media\/uploads\/[^/]+$/,
    () => import("../../app/(ingest)/media/uploads/[uploadId]/route"),
  ],
  [
    /^\/media\/files\/[^/]+$/,
    () => import("../../app/(ingest)/media/files/[fileId]/route"),
  ],
];

/** The routes of the Studio's own port, called as functions. */
export function routeMount(): Promise<WireMount> {
  return Promise.resolve({
    name: "the Next routes",
    fetch: async (path, init) => {
      const request = new Request(`http://studio.test${path}`, init);
      const { pathname } = new URL(request.url);
      const found = ROUTES.find(([pattern]) => pattern.test(pathname));
      const route: RouteModule = (await found?.[1]()) ?? {};
      const handler = route[init?.method ?? "GET"] as Handler | undefined;
      if (!handler) throw new RangeError(`${path} has no ${init?.method}.`);
      return handler(request);
    },
    close: () => Promise.resolve(),
  });
}
