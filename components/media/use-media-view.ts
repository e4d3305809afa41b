"use client";

import { useSearchParams } from "next/navigation";

import {
  mediaViewParams,
  readMediaView,
  type MediaView,
} from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";

/**
 * What the address says is shown, and the way to show something else. The
 * native calls do not load the page again, as the router would.
 */
export function useMediaView() {
  const view = readMediaView(useSearchParams());
  const show = (change: Partial<MediaView>, isStep = true) => {
    const path = paths.media(mediaViewParams({ ...view, ...change }));
    if (isStep) window.history.pushState(null, "", path);
    else window.history.replaceState(null, "", path);
  };
  return { view, show };
}

/** The address of the same page with the details of a file open. */
export function useFileAddress() {
  const { view } = useMediaView();
  return (fileId: string) =>
    paths.media(mediaViewParams({ ...view, file: fileId }));
}
