import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatPercent } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import type { RunSummary } from "@/lib/domain/import-run";

/** Imports of a source that stopped on the way, each with the way to go on. */
export function OpenRuns({ runs }: { runs: readonly RunSummary[] }) {
  return runs.map((run) => (
    <Notice
      key={run.id}
      tone={run.lease ? "info" : "warning"}
      className="mb-4"
      title={
        run.lease
          ? `${run.fileName} is being ${run.kind === "undo" ? "undone" : "imported"} by ${run.lease.actorName}`
          : `${run.kind === "undo" ? "The undo" : "The import"} of ${run.fileName} is not finished`
      }
      actions={
        <LinkButton size="sm" href={paths.importRun(run.id)}>
          {run.lease ? "Watch it" : "Go on with it"}
        </LinkButton>
      }
    >
      {run.kind === "import" &&
        `${formatPercent(run.applied.entities, run.entities)} sent. `}
      {"Started "}
      <RelativeTime at={run.startedAt} />
      {` by ${run.actorName}. `}
      {!run.lease &&
        run.kind === "import" &&
        "Drop the same file there to go on where it stopped."}
    </Notice>
  ));
}
