import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { sourcePropertySchema, sourceSchema } from "@/lib/domain/source";

import { getJson } from "./http";

const list = z.array(sourceSchema);
const properties = z.array(sourcePropertySchema);

/** Keys and fetchers for sources. Invalidate `all()` after any change to a source. */
export const sourceQueries = {
  all: () => ["sources"] as const,
  list: () =>
    queryOptions({
      queryKey: [...sourceQueries.all(), "list"] as const,
      queryFn: ({ signal }) => getJson("/api/sources", list, signal),
    }),
  one: (sourceId: string) =>
    queryOptions({
      queryKey: [...sourceQueries.all(), sourceId] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/sources/${sourceId}`, sourceSchema, signal),
    }),
  properties: (sourceId: string) =>
    queryOptions({
      queryKey: [...sourceQueries.all(), sourceId, "properties"] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/sources/${sourceId}/properties`, properties, signal),
    }),
};
