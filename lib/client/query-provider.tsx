"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { AppError, ERROR_CODES } from "@/lib/domain/errors";

const RETRIES_MAX = 2;
const STALE_MS = 5_000;

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (tries, error) =>
          tries < RETRIES_MAX &&
          (!(error instanceof AppError) || ERROR_CODES[error.code].retryable),
      },
    },
  });
}
