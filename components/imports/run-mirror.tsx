import { Notice } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import type { ImportRun } from "@/lib/domain/import-run";
import { mirrorWords as words } from "@/lib/wording/missing-entries";

/** What became of entries that were missing from the file of a run, or whose missing entries this run deletes. */
export function RunMirror({ run }: { run: ImportRun }) {
  const { missing, mirrorOf } = run.check;
  if (mirrorOf) {
    return (
      <Notice>
        {words.isMirror}{" "}
        <TextLink href={paths.importRun(mirrorOf.runId)}>{words.main}</TextLink>
        {isLeftOpen(run) && (
          <>
            <span className="mt-2 block">
              {words.goOn(
                run.file.name,
                run.check.entities - run.applied.entities,
              )}
            </span>
            <span className="mt-2 block">
              {words.goOnWithout(run.source.name)}
            </span>
          </>
        )}
      </Notice>
    );
  }
  if (!missing) return null;
  const { mirroredBy } = run;
  const isDone = mirroredBy?.status === "finished";
  return (
    <Notice tone={isDone ? "info" : "warning"}>
      {words.planned(missing.entries)}{" "}
      {mirroredBy ? words.state[mirroredBy.status] : words.notBegun}
      {mirroredBy && (
        <>
          {" "}
          <TextLink href={paths.importRun(mirroredBy.id)}>
            {words.follow}
          </TextLink>
        </>
      )}
    </Notice>
  );
}

/** It has not ended, and no tab sends it. */
function isLeftOpen({ status, lease }: ImportRun): boolean {
  return status === "paused" || (status === "running" && lease === null);
}
