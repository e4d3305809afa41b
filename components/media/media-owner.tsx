"use client";

import { createContext, useContext, type ReactNode } from "react";

const MediaOwnerContext = createContext("");

/** Tells everything below it whose the links and uploads are that it keeps in the browser. */
export function MediaOwnerProvider({
  owner,
  children,
}: {
  owner: string;
  children: ReactNode;
}) {
  return (
    <MediaOwnerContext.Provider value={owner}>
      {children}
    </MediaOwnerContext.Provider>
  );
}

export function useMediaOwner(): string {
  return useContext(MediaOwnerContext);
}
