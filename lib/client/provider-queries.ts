import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { providerSchema } from "@/lib/domain/provider";

import { getJson } from "./http";

const list = z.array(providerSchema);

/** Keys and fetchers for providers. Invalidate `all()` after any change to a provider. */
export const providerQueries = {
  all: () => ["providers"] as const,
  list: () =>
    queryOptions({
      queryKey: [...providerQueries.all(), "list"] as const,
      queryFn: ({ signal }) => getJson("/api/providers", list, signal),
    }),
  one: (providerId: string) =>
    queryOptions({
      queryKey: [...providerQueries.all(), providerId] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/providers/${providerId}`, providerSchema, signal),
    }),
};
