import type { Metadata } from "next";
import { headers } from "next/headers";

import { MediaBaseProvider } from "@/components/media/media-base";
import { MediaStudio } from "@/components/media/media-studio";
import type { MediaActions } from "@/lib/client/media-actions";
import { hasRole } from "@/lib/server/context";
import { mediaUrl } from "@/lib/server/media/public-url";
import { requireSession } from "@/lib/server/session";

import {
  cancelFilesAction,
  deleteFileAction,
  retryFilesAction,
  sendLinksAction,
} from "./actions";

export const metadata: Metadata = { title: "Media" };

const actions: MediaActions = {
  sendLinks: sendLinksAction,
  remove: deleteFileAction,
  retry: retryFilesAction,
  cancel: cancelFilesAction,
};

export default async function MediaPage() {
  const ctx = await requireSession();
  return (
    <MediaBaseProvider base={mediaUrl(await headers())}>
      <MediaStudio actions={hasRole(ctx, "editor") ? actions : undefined} />
    </MediaBaseProvider>
  );
}
