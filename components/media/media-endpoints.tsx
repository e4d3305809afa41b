"use client";

import { createContext, useContext, type ReactNode } from "react";

import type { EndpointChoice } from "@/lib/domain/remote-media";

const MediaEndpointsContext = createContext<readonly EndpointChoice[]>([]);

/** Tells everything below it to which endpoints links may be sent. */
export function MediaEndpointsProvider({
  endpoints,
  children,
}: {
  endpoints: readonly EndpointChoice[];
  children: ReactNode;
}) {
  return (
    <MediaEndpointsContext.Provider value={endpoints}>
      {children}
    </MediaEndpointsContext.Provider>
  );
}

export function useMediaEndpoints(): readonly EndpointChoice[] {
  return useContext(MediaEndpointsContext);
}
