"use client";

import { useEffect } from "react";

/** Goes to the call in the address: when the browser looked for it, the page was still coming. */
export function ScrollToHash() {
  useEffect(() => {
    const id = window.location.hash.slice(1);
    if (id !== "") document.getElementById(id)?.scrollIntoView();
  }, []);
  return null;
}
