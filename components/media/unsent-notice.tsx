"use client";

import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/client/format-number";
import {
  forgetSubmission,
  unsentSubmissions,
  type OutboxRecord,
} from "@/lib/client/media-outbox";
import { sendStateOf } from "@/lib/client/media-sending";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";

import { useMediaOwner } from "./media-owner";

/** Links that this browser began to send and did not send to the end. */
export function UnsentNotice() {
  const owner = useMediaOwner();
  const [records, setRecords] = useState<OutboxRecord[]>([]);
  useEffect(() => {
    let isOver = false;
    void unsentSubmissions(owner).then((found) => {
      if (!isOver) setRecords(found);
    });
    return () => {
      isOver = true;
    };
  }, [owner]);
  const left = records.filter(
    ({ submissionId }) => !sendStateOf(submissionId, owner)?.isSending,
  );
  return left.map(({ submissionId, links, answered }) => (
    <Notice
      key={submissionId}
      tone="warning"
      className="mb-4"
      title={`${formatCount(links.length - answered, "link")} of a submission were not sent`}
      actions={
        <>
          <LinkButton
            size="sm"
            href={paths.media(mediaViewParams({ submission: submissionId }))}
          >
            Send them now
          </LinkButton>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              void forgetSubmission(submissionId);
              setRecords(
                records.filter(
                  (record) => record.submissionId !== submissionId,
                ),
              );
            }}
          >
            Forget them
          </Button>
        </>
      }
    >
      This tab was closed or signed out while it sent them. They are kept in
      this browser for a week, for you alone.
    </Notice>
  ));
}
