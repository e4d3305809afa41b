"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Import } from "lucide-react";

import { FirstImportLinks } from "@/components/shell/first-import-links";
import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { sourceImportQueries } from "@/lib/client/source-import-queries";
import { mergeTimeline } from "@/lib/domain/import-timeline";

import { ImportTimeline } from "./import-timeline";

export function SourceImports({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  const runs = useInfiniteQuery(sourceImportQueries.runs(sourceId));
  const pushes = useInfiniteQuery(sourceImportQueries.pushes(sourceId));

  if (!runs.data || !pushes.data) {
    return (
      <PartPlaceholder
        what="The imports"
        failure={runs.error ?? pushes.error}
        retry={() => void Promise.all([runs.refetch(), pushes.refetch()])}
      />
    );
  }
  const items = mergeTimeline({
    runs: runs.data.pages.flatMap((page) => page.runs),
    hasMoreRuns: runs.hasNextPage,
    pushes: pushes.data.pages.flatMap((page) => page.imports),
    hasMorePushes: pushes.hasNextPage,
  });
  if (items.length === 0) {
    return (
      <EmptyState
        icon={<Import />}
        title="Nothing imported yet"
        actions={<FirstImportLinks sourceId={sourceId} mayImport={mayImport} />}
      >
        Spreadsheets that you import and what programs push are listed here,
        also what was refused and why.
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4">
      <ImportTimeline items={items} />
      {(runs.hasNextPage || pushes.hasNextPage) && (
        <Button
          isLoading={runs.isFetchingNextPage || pushes.isFetchingNextPage}
          onClick={() => {
            if (runs.hasNextPage) void runs.fetchNextPage();
            if (pushes.hasNextPage) void pushes.fetchNextPage();
          }}
        >
          Show older imports
        </Button>
      )}
    </div>
  );
}
