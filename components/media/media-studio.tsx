"use client";

import { History, Link2, Upload } from "lucide-react";
import type { ReactNode } from "react";

import { LoadingState } from "@/components/shell/loading-state";
import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { LinkButton } from "@/components/ui/link-button";
import type { MediaActions } from "@/lib/client/media-actions";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import { useSubmission } from "@/lib/client/use-submission";
import type { MediaFile } from "@/lib/domain/media";
import type { LinkRow } from "@/lib/domain/link-row";
import type { EndpointChoice } from "@/lib/domain/remote-media";

import { LinkWizard } from "./link-wizard";
import { MediaLibrary } from "./media-library";
import { MediaSheet } from "./media-sheet";
import { SubmissionHistory } from "./submission-history";
import { SubmissionView } from "./submission-view";
import { UnsentNotice } from "./unsent-notice";
import { UploadView } from "./upload-view";
import { useMediaView } from "./use-media-view";

const LIBRARY = [{ label: "Media", href: paths.media() }];
const SUBMISSIONS = {
  label: "Submissions",
  href: paths.media(mediaViewParams({ list: "submissions" })),
};

/** The media page: the files, a way to add some, or a submission; and one file's details above each. */
export function MediaStudio({
  actions,
}: {
  /** Missing for who may only read. */
  actions: MediaActions | undefined;
}) {
  const { view } = useMediaView();
  return (
    <>
      <Content actions={actions} />
      {view.file !== null && (
        <MediaSheet key={view.file} fileId={view.file} actions={actions} />
      )}
    </>
  );
}

function Content({ actions }: { actions: MediaActions | undefined }) {
  const { view } = useMediaView();
  if (view.submission !== null) {
    return (
      <>
        <PageHeader
          title="Submission of links"
          breadcrumbs={[...LIBRARY, SUBMISSIONS]}
          description="What becomes of each link. This address can be kept and opened again."
        />
        <SubmissionView
          key={view.submission}
          submissionId={view.submission}
          actions={actions}
        />
      </>
    );
  }
  if (view.add !== null && !actions) return <NoAccessState role="editor" />;
  if (view.add === "links" && actions) {
    return (
      <>
        <PageHeader
          title="Add links"
          breadcrumbs={LIBRARY}
          description="Each file gets a public address of its own."
        />
        {view.from === null ? (
          <LinkWizard sendLinks={actions.sendLinks} />
        ) : (
          <CorrectFailed submissionId={view.from}>
            {(rows, endpoint) => (
              <LinkWizard
                initialRows={rows}
                initialEndpoint={endpoint}
                sendLinks={actions.sendLinks}
              />
            )}
          </CorrectFailed>
        )}
      </>
    );
  }
  if (view.add === "files" && actions) {
    return (
      <>
        <PageHeader
          title="Upload files"
          breadcrumbs={LIBRARY}
          description="Files from your computer. Each gets a public address of its own."
        />
        <UploadView />
      </>
    );
  }
  if (view.list === "submissions") {
    return (
      <>
        <PageHeader
          title="Submissions"
          breadcrumbs={LIBRARY}
          description="Lists of links that were sent from this page, and how far each is."
          actions={actions && <AddButtons />}
        />
        <SubmissionHistory mayAdd={actions !== undefined} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="Media"
        description="Images, videos and documents, each with a public address of its own."
        actions={
          <>
            <LinkButton variant="ghost" href={SUBMISSIONS.href}>
              <History aria-hidden />
              Submissions
            </LinkButton>
            {actions && <AddButtons />}
          </>
        }
      />
      {actions && <UnsentNotice />}
      <MediaLibrary mayAdd={actions !== undefined} />
    </>
  );
}

function AddButtons() {
  return (
    <>
      <LinkButton href={paths.media(mediaViewParams({ add: "files" }))}>
        <Upload aria-hidden />
        Upload files
      </LinkButton>
      <LinkButton
        variant="primary"
        href={paths.media(mediaViewParams({ add: "links" }))}
      >
        <Link2 aria-hidden />
        Add links
      </LinkButton>
    </>
  );
}

/** Waits for the failed links of a submission. */
function CorrectFailed({
  submissionId,
  children,
}: {
  submissionId: string;
  children: (rows: LinkRow[], endpoint: EndpointChoice | null) => ReactNode;
}) {
  const { data, isError } = useSubmission(submissionId);
  if (data) {
    return children(failedRows(data.files), data.announced?.endpoint ?? null);
  }
  return isError ? children([], null) : <LoadingState />;
}

function failedRows(files: readonly MediaFile[]): LinkRow[] {
  return files
    .filter(({ state, origin }) => state === "failed" && origin === "link")
    .map(({ sourceUrl, filename, uniqueIdentifier, remote }, index) => ({
      row: index + 1,
      link: sourceUrl ?? "",
      filename,
      uniqueIdentifier: remote?.isIdentifierMade
        ? ""
        : (uniqueIdentifier ?? ""),
    }));
}
