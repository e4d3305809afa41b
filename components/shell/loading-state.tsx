import { Skeleton } from "@/components/ui/skeleton";

/** Holds the place of a page with a header and a list, or of a list in a page. */
export function LoadingState({ isPart = false }: { isPart?: boolean }) {
  return (
    <div role="status" aria-label="Loading">
      {!isPart && (
        <>
          <Skeleton className="h-7 w-48" />
          <Skeleton className="mt-3 mb-8 w-80 max-w-full" />
        </>
      )}
      <div className="space-y-4 rounded-card border border-border bg-surface p-5">
        {["w-full", "w-11/12", "w-full", "w-4/5", "w-10/12"].map(
          (width, index) => (
            <Skeleton key={index} className={width} />
          ),
        )}
      </div>
    </div>
  );
}
