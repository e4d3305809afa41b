"use client";

import { HydrationBoundary, type DehydratedState } from "@tanstack/react-query";
import type { ReactNode } from "react";

/** Takes over what the page has read on the server, so that its queries start with it. */
export function SeededQueries({
  state,
  children,
}: {
  /** Made by `seedQueries`. */
  state: DehydratedState;
  children: ReactNode;
}) {
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
