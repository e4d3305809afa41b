"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/client/format-number";
import type { MediaActions } from "@/lib/client/media-actions";
import type { MediaFile } from "@/lib/domain/media";
import { MEDIA_PAGE_LIMITS } from "@/lib/domain/media-page";
import {
  remoteMediaWords as words,
  remoteNoteText,
} from "@/lib/wording/remote-media";

/** Links that are not sent, or not asked after, until somebody wants it, and why. */
export function RemoteHeld({
  files,
  actions,
  refetch,
}: {
  files: readonly MediaFile[];
  actions: MediaActions | undefined;
  refetch: () => void;
}) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const held = files.filter(({ remote }) => remote?.isHeld);
  const remote = held[0]?.remote;
  if (!remote) return null;

  async function goOn(send: MediaActions["retry"]) {
    setIsBusy(true);
    setProblem(undefined);
    const ids = held.map(({ id }) => id);
    for (let at = 0; at < ids.length; at += MEDIA_PAGE_LIMITS.idsMax) {
      const part = ids.slice(at, at + MEDIA_PAGE_LIMITS.idsMax);
      const result = await send(part).catch(() => undefined);
      if (result?.ok) continue;
      setProblem(result?.error.message ?? "The server could not be reached.");
      break;
    }
    setIsBusy(false);
    refetch();
  }

  return (
    <Notice
      tone="danger"
      title={words.heldTitle(
        formatCount(held.length, "link"),
        remote.endpointName,
      )}
      actions={
        actions && (
          <Button isLoading={isBusy} onClick={() => void goOn(actions.retry)}>
            {words.goOn}
          </Button>
        )
      }
    >
      <span className="break-words">
        {remote.note && remoteNoteText(remote.note, remote)} {problem}
      </span>
    </Notice>
  );
}
