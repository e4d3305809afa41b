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

/** The routes of the Studio's own port, called as functions. */
export async function routeMount(): Promise<WireMount> {
  const tokens: RouteModule =
    await import("../../app/(ingest)/dataProviders/tokens/route");
  const imports: RouteModule =
    await import("../../app/(ingest)/import/[dataSource]/route");
  return {
    name: "the Next routes",
    fetch: (path, init) => {
      const route = path.startsWith("/import/") ? imports : tokens;
      const handler = route[init?.method ?? "GET"] as Handler | undefined;
      if (!handler) throw new RangeError(`${path} has no ${init?.method}.`);
      return handler(new Request(`http://studio.test${path}`, init));
    },
    close: () => Promise.resolve(),
  };
}
