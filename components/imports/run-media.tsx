"use client";

import { useQuery } from "@tanstack/react-query";

import { Section } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { importQueries } from "@/lib/client/import-queries";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import type { ImportRun } from "@/lib/domain/import-run";
import { IMPORT_MEDIA, runMediaSentence } from "@/lib/wording/import-media";

/** The files that a run has fetched from its links; nothing for a run without such columns. */
export function RunMedia({ run }: { run: ImportRun }) {
  const hasMedia = run.mapping.columns.some(
    (use) => use.as === "property" && use.media !== undefined,
  );
  const isOpen = run.status === "running" || run.status === "paused";
  const { data, error } = useQuery({
    ...importQueries.media(run.id, isOpen),
    enabled: hasMedia,
  });
  if (!hasMedia) return null;
  if (error) return <Notice tone="warning">{IMPORT_MEDIA.unread}</Notice>;
  if (!data || data.links === 0) return null;
  const { created, progress, failed } = data.files;
  const ended = data.links - created - progress;
  return (
    <Section title={IMPORT_MEDIA.title}>
      <div className="space-y-3">
        <p
          role="status"
          className={failed > 0 ? "text-sm text-danger-text" : "text-sm"}
        >
          {runMediaSentence(data)}
        </p>
        {ended < data.links && (
          <Progress
            label={IMPORT_MEDIA.progress}
            value={ended}
            max={data.links}
          />
        )}
        {data.links > data.known && (
          <LinkButton
            size="sm"
            href={paths.media(mediaViewParams({ submission: run.id }))}
          >
            {IMPORT_MEDIA.see}
          </LinkButton>
        )}
      </div>
    </Section>
  );
}
