import "server-only";

import { createWireApi, type WireApi } from "./handlers";

// Next loads this module several times in one process; the queue and its
// limits must exist once.
const shared = globalThis as typeof globalThis & {
  sourceStudioWireApi?: WireApi;
};

/** The process's one ingest API, on the process's one database. */
export function appWireApi(): WireApi {
  return (shared.sourceStudioWireApi ??= makeAppApi());
}

function makeAppApi(): WireApi {
  const api = createWireApi();
  // A request that waits for downloads would hold up the end of the process.
  // Only beside the handlers of whoever ends it: a first one would keep it alive.
  if (process.listenerCount("SIGTERM") > 0)
    process.on("SIGTERM", () => api.endWaits());
  return api;
}
