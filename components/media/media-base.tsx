"use client";

import { createContext, useContext, type ReactNode } from "react";

const MediaBaseContext = createContext("");

/** Tells everything below it on which host this browser reaches media files. */
export function MediaBaseProvider({
  base,
  children,
}: {
  base: string;
  children: ReactNode;
}) {
  return (
    <MediaBaseContext.Provider value={base}>
      {children}
    </MediaBaseContext.Provider>
  );
}

export function useMediaBase(): string {
  return useContext(MediaBaseContext);
}
