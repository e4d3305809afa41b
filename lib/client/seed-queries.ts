import {
  dehydrate,
  QueryClient,
  type DehydratedState,
  type QueryKey,
} from "@tanstack/react-query";

/** Query keys with what the server has read for them; for `SeededQueries`. */
export function seedQueries(
  ...seeds: [key: QueryKey, data: unknown][]
): DehydratedState {
  const client = new QueryClient();
  for (const [key, data] of seeds) client.setQueryData(key, data);
  return dehydrate(client);
}
