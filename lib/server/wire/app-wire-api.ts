import "server-only";

import { createWireApi, type WireApi } from "./handlers";

// Next loads this module several times in one process; the queue and its
// limits must exist once.
const shared = globalThis as typeof globalThis & {
  sourceStudioWireApi?: WireApi;
};

/** The process's one ingest API, on the process's one database. */
export function appWireApi(): WireApi {
  return (shared.sourceStudioWireApi ??= createWireApi());
}
