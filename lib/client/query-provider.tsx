"use client";

import {
  QueryCache,
  QueryClient,
  QueryClientProvider,
} from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { AppError, ERROR_CODES } from "@/lib/domain/errors";

import { paths } from "./paths";
import { mayLeavePage } from "./stay-on-page";

const RETRIES_MAX = 2;
const STALE_MS = 5_000;

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        const isOut =
          error instanceof AppError && error.code === "unauthenticated";
        if (isOut && mayLeavePage()) {
          location.assign(paths.signIn(location.pathname + location.search));
        }
      },
    }),
    defaultOptions: {
      // The Studio may run on this machine or in a network without the internet:
      // what the browser takes for offline says nothing about it.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: STALE_MS,
        retry: (tries, error) =>
          tries < RETRIES_MAX &&
          (!(error instanceof AppError) || ERROR_CODES[error.code].retryable),
      },
    },
  });
}
