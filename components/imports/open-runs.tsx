import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { paths } from "@/lib/client/paths";
import { isHandedOver, type RunSummary } from "@/lib/domain/import-run";
import { OPEN_RUN_WORDS as WORDS } from "@/lib/wording/import-run";

/** Imports of a source that stopped on the way, each with the way to go on. */
export function OpenRuns({ runs }: { runs: readonly RunSummary[] }) {
  return runs.map((run) => (
    <Notice
      key={run.id}
      tone={isGoingOn(run) ? "info" : "warning"}
      className="mb-4"
      title={titleOf(run)}
      actions={
        <LinkButton size="sm" href={paths.importRun(run.id)}>
          {isGoingOn(run) ? WORDS.watch : WORDS.goOn}
        </LinkButton>
      }
    >
      {run.kind === "import" &&
        `${WORDS.sent(run.applied.entities, run.entities)} `}
      {`${WORDS.started} `}
      <RelativeTime at={run.startedAt} />
      {` ${WORDS.by(run.actorName)} `}
      {!run.lease && !isHandedOver(run) && run.kind === "import" && WORDS.drop}
    </Notice>
  ));
}

/** Without anybody having to do something. */
function isGoingOn(run: RunSummary): boolean {
  return isHandedOver(run) ? !run.delivery.isHeld : run.lease !== null;
}

function titleOf(run: RunSummary): string {
  if (isHandedOver(run)) {
    return run.delivery.isHeld ? WORDS.waits(run) : WORDS.onTheWay(run);
  }
  return run.lease
    ? WORDS.held(named(run), run.lease.actorName)
    : WORDS.unfinished(named(run));
}

function named({ fileName, kind }: RunSummary) {
  return { fileName, isUndo: kind === "undo" };
}
