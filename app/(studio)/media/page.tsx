import type { Metadata } from "next";
import { headers } from "next/headers";

import { MediaBaseProvider } from "@/components/media/media-base";
import { MediaEndpointsProvider } from "@/components/media/media-endpoints";
import { MediaOwnerProvider } from "@/components/media/media-owner";
import { MediaStudio } from "@/components/media/media-studio";
import type { MediaActions } from "@/lib/client/media-actions";
import { mediaQueries } from "@/lib/client/media-queries";
import { readMediaView, type MediaView } from "@/lib/client/media-view";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { MEDIA_PAGE_LIMITS, submissionOwner } from "@/lib/domain/media-page";
import { hasRole, type Context } from "@/lib/server/context";
import { listEndpointChoices } from "@/lib/server/endpoints/service";
import { readMediaPage } from "@/lib/server/media/media-page";
import { mediaUrl } from "@/lib/server/media/public-url";
import { listSubmissions } from "@/lib/server/media/submission-list";
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

type Params = {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function MediaPage({ searchParams }: Params) {
  const ctx = await requireSession();
  const view = readMediaView(asUrlParams(await searchParams));
  return (
    <SeededQueries state={await seedList(ctx, view)}>
      <MediaBaseProvider base={mediaUrl(await headers())}>
        <MediaOwnerProvider owner={submissionOwner(ctx.tenantId, ctx.actor.id)}>
          <MediaEndpointsProvider endpoints={await listEndpointChoices(ctx)}>
            <MediaStudio
              actions={hasRole(ctx, "editor") ? actions : undefined}
            />
          </MediaEndpointsProvider>
        </MediaOwnerProvider>
      </MediaBaseProvider>
    </SeededQueries>
  );
}

/** The first page of the list, where the list is what is shown. */
async function seedList(
  ctx: Context,
  { add, submission, list, text, type, state, endpoint }: MediaView,
) {
  if (add !== null || submission !== null) return seedQueries();
  if (list === "submissions") {
    const first = await listSubmissions(ctx, null).catch(() => undefined);
    if (!first) return seedQueries();
    return seedQueries([
      mediaQueries.submissions().queryKey,
      { pages: [first], pageParams: [""] },
    ]);
  }
  const filter = { text, type, state, endpoint };
  const first = await readMediaPage(ctx, {
    ...{ ...filter, submissionId: null, after: null },
    rows: MEDIA_PAGE_LIMITS.rowsDefault,
    // What cannot be read is said by the list, which asks again.
  }).catch(() => undefined);
  if (!first) return seedQueries();
  return seedQueries([
    mediaQueries.list(filter).queryKey,
    { pages: [first], pageParams: [""] },
  ]);
}

function asUrlParams(
  members: Record<string, string | string[] | undefined>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    const [first] = [value ?? []].flat();
    if (first !== undefined) params.set(name, first);
  }
  return params;
}
