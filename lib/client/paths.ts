import type { Route } from "next";

const part = encodeURIComponent;
const route = (path: string) => path as Route;

/** Every URL of the Studio, built in one place. */
export const paths = {
  home: () => route("/"),
  setup: () => route("/setup"),
  signIn: (next?: string) =>
    route(next ? `/sign-in?next=${part(next)}` : "/sign-in"),
  account: () => route("/account"),
  users: () => route("/users"),
  apiGuide: () => route("/api-guide"),

  sources: () => route("/sources"),
  newSource: () => route("/sources/new"),
  source: (sourceId: string) => route(`/sources/${part(sourceId)}`),
  /** `params` as `entryViewParams` makes them. */
  sourceEntries: (sourceId: string, params?: URLSearchParams) =>
    route(
      `/sources/${part(sourceId)}/entries${params?.size ? `?${params.toString()}` : ""}`,
    ),
  entry: (sourceId: string, key: string) =>
    route(`/sources/${part(sourceId)}/entries/${part(key)}`),
  sourceImports: (sourceId: string) =>
    route(`/sources/${part(sourceId)}/imports`),
  sourcePush: (sourceId: string) => route(`/sources/${part(sourceId)}/push`),
  sourceSettings: (sourceId: string) =>
    route(`/sources/${part(sourceId)}/settings`),
  importInto: (sourceId: string) => route(`/sources/${part(sourceId)}/import`),

  providers: () => route("/providers"),
  newProvider: () => route("/providers/new"),
  provider: (providerId: string) => route(`/providers/${part(providerId)}`),

  endpoints: () => route("/endpoints"),
  newEndpoint: () => route("/endpoints/new"),
  endpoint: (endpointId: string) => route(`/endpoints/${part(endpointId)}`),

  imports: () => route("/imports"),
  importRun: (runId: string) => route(`/imports/${part(runId)}`),
  undoRun: (runId: string) => route(`/imports/${part(runId)}/undo`),
  /** `params` as `mediaViewParams` makes them. One page: `/media/…` belongs to the ingest API. */
  media: (params?: URLSearchParams) =>
    route(params?.size ? `/media?${params.toString()}` : "/media"),

  forecast: (sourceId: string, forecastId: string) =>
    `/api/sources/${part(sourceId)}/forecasts/${part(forecastId)}`,
  /** Where the import worker asks what a batch would do. */
  forecastBatch: (sourceId: string, forecastId: string, sequence: number) =>
    `/api/sources/${part(sourceId)}/forecasts/${part(forecastId)}/batches/${sequence}`,
  /** Where the import worker puts a batch. */
  importRunBatch: (runId: string, sequence: number) =>
    `/api/import-runs/${part(runId)}/batches/${sequence}`,
  /** Where the import worker reads what became of each entity. */
  importRunOutcomes: (runId: string, after: number) =>
    `/api/import-runs/${part(runId)}/outcomes?after=${after}`,
};
