import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { paths } from "@/lib/client/paths";
import type { RunSummary } from "@/lib/domain/import-run";
import { OPEN_RUN_WORDS as WORDS } from "@/lib/wording/import-run";

/** Imports of a source that stopped on the way, each with the way to go on. */
export function OpenRuns({ runs }: { runs: readonly RunSummary[] }) {
  return runs.map((run) => (
    <Notice
      key={run.id}
      tone={run.lease ? "info" : "warning"}
      className="mb-4"
      title={
        run.lease
          ? WORDS.held(named(run), run.lease.actorName)
          : WORDS.unfinished(named(run))
      }
      actions={
        <LinkButton size="sm" href={paths.importRun(run.id)}>
          {run.lease ? WORDS.watch : WORDS.goOn}
        </LinkButton>
      }
    >
      {run.kind === "import" &&
        `${WORDS.sent(run.applied.entities, run.entities)} `}
      {`${WORDS.started} `}
      <RelativeTime at={run.startedAt} />
      {` ${WORDS.by(run.actorName)} `}
      {!run.lease && run.kind === "import" && WORDS.drop}
    </Notice>
  ));
}

function named({ fileName, kind }: RunSummary) {
  return { fileName, isUndo: kind === "undo" };
}
