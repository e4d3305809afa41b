"use client";

import { Ban, Pencil, RotateCcw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { MediaActions } from "@/lib/client/media-actions";
import { isOpen } from "@/lib/client/media-texts";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import type { MediaFile } from "@/lib/domain/media";
import { MEDIA_PAGE_LIMITS } from "@/lib/domain/media-page";
import type { ActionResult } from "@/lib/domain/result";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

import type { StateCounts } from "./state-counts";

/** What can be done with all files of a submission that failed, or that wait. */
export function SubmissionActions({
  submissionId,
  isRemote,
  files,
  counts,
  actions,
  refetch,
}: {
  submissionId: string;
  /** Its files are made by an endpoint. */
  isRemote: boolean;
  files: readonly MediaFile[];
  counts: StateCounts;
  actions: MediaActions;
  refetch: () => void;
}) {
  const [isBusy, setIsBusy] = useState(false);
  const open = counts.created + counts.progress;
  if (open === 0 && counts.failed === 0 && counts.cancelled === 0) return null;
  const again = files.filter(
    ({ state }) => state === "failed" || state === "cancelled",
  );
  async function retry() {
    setIsBusy(true);
    const failed = await inParts(again, actions.retry, (left) =>
      toast.warning(
        `${formatCount(left, "file")} cannot be retried: another file has the unique identifier by now.`,
      ),
    );
    if (failed) toast.error(failed);
    setIsBusy(false);
    refetch();
  }
  return (
    <div className="flex flex-wrap gap-2">
      {again.length > 0 && (
        <Button isLoading={isBusy} onClick={() => void retry()}>
          <RotateCcw aria-hidden />
          {counts.failed > 0
            ? `Retry the failed (${formatNumber(again.length)})`
            : `${isRemote ? "Send" : "Fetch"} the cancelled (${formatNumber(again.length)})`}
        </Button>
      )}
      {counts.failed > 0 && (
        <LinkButton
          href={paths.media(
            mediaViewParams({ add: "links", from: submissionId }),
          )}
        >
          <Pencil aria-hidden />
          Correct the failed links
        </LinkButton>
      )}
      {open > 0 && (
        <AlertDialog
          trigger={
            <Button>
              <Ban aria-hidden />
              {`Cancel the rest (${formatNumber(open)})`}
            </Button>
          }
          title={
            isRemote
              ? words.cancelTitle(formatCount(open, "link"))
              : `Cancel ${formatCount(open, "download")}?`
          }
          description={
            isRemote
              ? words.cancelAbout
              : "Files that are done stay. What has not arrived is given up; it can be fetched again with Retry."
          }
          confirmLabel={isRemote ? words.cancelConfirm : "Cancel the downloads"}
          onConfirm={async () => {
            const failed = await inParts(files.filter(isOpen), actions.cancel);
            refetch();
            return failed;
          }}
        />
      )}
    </div>
  );
}

/** A sentence when one of the parts failed. */
async function inParts(
  files: readonly MediaFile[],
  act: (ids: string[]) => Promise<ActionResult<{ files: number }>>,
  onLeft?: (files: number) => void,
): Promise<string | undefined> {
  const ids = files.map(({ id }) => id);
  let done = 0;
  for (let at = 0; at < ids.length; at += MEDIA_PAGE_LIMITS.idsMax) {
    const part = ids.slice(at, at + MEDIA_PAGE_LIMITS.idsMax);
    const result = await act(part).catch(() => undefined);
    if (!result?.ok) {
      return (
        result?.error.message ??
        "The server could not be reached. Check the connection, then try again."
      );
    }
    done += result.data.files;
  }
  if (done < ids.length) onLeft?.(ids.length - done);
  return undefined;
}
