import type { ReactNode } from "react";

import { PageHeader } from "@/components/shell/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_WORDS as WORDS } from "@/lib/wording/import-run";

import { RunStatusBadge } from "./run-status-badge";

/** The head of a run's page; `lead` comes before the name of the source. */
export function RunHead({
  run,
  title,
  lead,
}: {
  run: ImportRun;
  title: string;
  lead: ReactNode;
}) {
  return (
    <PageHeader
      title={<span className="break-all">{title}</span>}
      meta={<RunStatusBadge run={run} />}
      breadcrumbs={[{ label: WORDS.runs, href: paths.imports() }]}
      description={
        <>
          {lead}{" "}
          <TextLink href={paths.source(run.source.id)}>
            {run.source.name}
          </TextLink>
          {WORDS.byStarted(run.actorName)}
          <RelativeTime at={run.startedAt} />
        </>
      }
      actions={
        <LinkButton href={paths.sourceEntries(run.source.id)}>
          {WORDS.seeEntries}
        </LinkButton>
      }
    />
  );
}
