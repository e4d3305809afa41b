"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ImagePlus, SearchX } from "lucide-react";

import { ErrorState } from "@/components/shell/error-state";
import { LoadingState } from "@/components/shell/loading-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/client/format-number";
import { mediaQueries } from "@/lib/client/media-queries";
import { isOpen } from "@/lib/client/media-texts";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

import { useMediaEndpoints } from "./media-endpoints";
import { MediaFilters } from "./media-filters";
import { MediaGallery } from "./media-gallery";
import { MediaTable } from "./media-table";
import { useMediaView } from "./use-media-view";

const OPEN_POLL_MS = 2_000;

/** All files of the tenant, searched and narrowed. */
export function MediaLibrary({ mayAdd }: { mayAdd: boolean }) {
  const { view, show } = useMediaView();
  const { text, type, state, endpoint } = view;
  const endpoints = useMediaEndpoints();
  const query = useInfiniteQuery({
    ...mediaQueries.list({ text, type, state, endpoint }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ files }) => files.some(isOpen))
        ? OPEN_POLL_MS
        : false,
  });
  const files = query.data?.pages.flatMap((page) => page.files) ?? [];
  const isNarrowed = text !== "" || type !== null || state !== null;
  const isFiltered = isNarrowed || endpoint !== null;

  if (!query.data) {
    if (!query.isError) return <LoadingState />;
    return (
      <ErrorState
        heading="h2"
        title="The media files could not be read"
        message={query.error.message}
        retry={() => void query.refetch()}
      />
    );
  }
  if (files.length === 0 && !isFiltered && !query.isPlaceholderData) {
    return (
      <div className="space-y-4">
        {endpoints.length > 0 && <MediaFilters view={view} onChange={show} />}
        <NoFiles mayAdd={mayAdd} />
      </div>
    );
  }
  const shown = countText(files.length, query.hasNextPage);
  return (
    <div className="space-y-4">
      <MediaFilters view={view} onChange={show} />
      <p className="text-[0.8125rem] text-muted tabular-nums">{shown}</p>
      <LiveRegion>{query.isPlaceholderData ? "" : shown}</LiveRegion>
      {query.isError && (
        <Notice tone="danger" title="What is shown may be out of date">
          {query.error.message}
        </Notice>
      )}
      {files.length === 0 && !isNarrowed ? (
        <EmptyState icon={<ImagePlus />} title={words.noneThere}>
          {words.noneThereAbout}
        </EmptyState>
      ) : files.length === 0 ? (
        <NothingFound
          clear={() => show({ text: "", type: null, state: null })}
        />
      ) : view.as === "table" ? (
        <MediaTable files={files} />
      ) : (
        <MediaGallery files={files} />
      )}
      {query.hasNextPage && (
        <div className="flex justify-center">
          <Button
            isLoading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Load more
          </Button>
        </div>
      )}
    </div>
  );
}

function countText(count: number, hasMore: boolean): string {
  const files = formatCount(count, "file");
  return hasMore ? `The newest ${files}` : files;
}

function NoFiles({ mayAdd }: { mayAdd: boolean }) {
  if (!mayAdd) {
    return (
      <EmptyState icon={<ImagePlus />} title="No media files yet">
        Editors and administrators add them here, and programs through the
        ingest API.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<ImagePlus />} title="No media files yet">
      Add links to images, videos or documents, pasted or in a spreadsheet: the
      Studio fetches each file and gives it an address of its own. Or upload
      files from your computer.
    </EmptyState>
  );
}

function NothingFound({ clear }: { clear: () => void }) {
  return (
    <EmptyState
      icon={<SearchX />}
      title="No media file matches"
      actions={<Button onClick={clear}>Clear search and filter</Button>}
    >
      The text is looked for in file names and unique identifiers. Try a shorter
      one, or another type or state.
    </EmptyState>
  );
}
