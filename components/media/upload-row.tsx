"use client";

import { Pause, Play, RotateCcw, X } from "lucide-react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Progress } from "@/components/ui/progress";
import { TextLink } from "@/components/ui/text-link";
import { formatBytes, formatPercent } from "@/lib/client/format-number";
import {
  mediaUploads,
  type UploadItem,
  type UploadState,
} from "@/lib/client/media-uploads";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import { MEDIA_LIMITS } from "@/lib/domain/limits";
import { uniqueIdentifierProblem } from "@/lib/domain/media-link";

const STATES: Record<UploadState, [name: string, tone: BadgeTone]> = {
  chosen: ["Not sent yet", "neutral"],
  waiting: ["Waiting", "neutral"],
  sending: ["Uploading", "accent"],
  paused: ["Paused", "warning"],
  failed: ["Failed", "danger"],
  done: ["Done", "success"],
};

export function UploadRow({ item }: { item: UploadItem }) {
  const { file, state, sentBytes, fileId, problem } = item;
  const [name, tone] = STATES[state];
  return (
    <li className="space-y-2 px-5 py-3 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="truncate font-medium" title={file.name}>
            {fileId ? (
              <TextLink
                href={paths.media(
                  mediaViewParams({ add: "files", file: fileId }),
                )}
                scroll={false}
              >
                {file.name}
              </TextLink>
            ) : (
              file.name
            )}
          </p>
          <p className="text-xs text-muted tabular-nums">
            {state === "chosen" || state === "done"
              ? formatBytes(file.size)
              : `${formatBytes(sentBytes)} of ${formatBytes(file.size)}, ${formatPercent(sentBytes, file.size)}`}
            {state !== "chosen" &&
              item.uniqueIdentifier !== "" &&
              ` · ${item.uniqueIdentifier}`}
          </p>
        </div>
        {(state === "chosen" || state === "failed") && (
          <IdentifierField item={item} />
        )}
        <div className="flex items-center gap-1.5">
          <Badge tone={tone} hasDot>
            {name}
          </Badge>
          <RowButtons item={item} />
        </div>
      </div>
      {(state === "sending" || state === "paused" || state === "waiting") && (
        <Progress
          label={`Upload of ${file.name}`}
          value={sentBytes}
          max={file.size}
          tone={state === "sending" ? "accent" : "neutral"}
          className="h-1.5"
        />
      )}
      {problem && (
        <p role="alert" className="text-[0.8125rem] text-danger-text">
          {problem}
        </p>
      )}
    </li>
  );
}

function IdentifierField({ item }: { item: UploadItem }) {
  const { id, file, uniqueIdentifier } = item;
  return (
    <TextField
      label={`Unique identifier of ${file.name}`}
      isLabelHidden
      placeholder="Unique identifier"
      className="w-full sm:w-56"
      value={uniqueIdentifier}
      maxLength={MEDIA_LIMITS.uniqueIdentifierCharsMax}
      spellCheck={false}
      autoComplete="off"
      error={
        uniqueIdentifier === ""
          ? undefined
          : uniqueIdentifierProblem(uniqueIdentifier)
      }
      onChange={({ target }) => mediaUploads.name(id, target.value)}
    />
  );
}

function RowButtons({ item }: { item: UploadItem }) {
  const { id, file, state } = item;
  const button = (
    label: string,
    icon: React.ReactNode,
    onClick: () => void,
  ) => (
    <Button
      variant="ghost"
      size="iconSm"
      aria-label={`${label} ${file.name}`}
      title={label}
      onClick={onClick}
    >
      {icon}
    </Button>
  );
  const start = () => mediaUploads.start([id]);
  return (
    <>
      {(state === "sending" || state === "waiting") &&
        button("Pause", <Pause aria-hidden />, () => mediaUploads.pause(id))}
      {state === "paused" && button("Go on with", <Play aria-hidden />, start)}
      {state === "failed" && button("Retry", <RotateCcw aria-hidden />, start)}
      {state !== "done" &&
        button(
          state === "chosen" ? "Take off the list:" : "Cancel",
          <X aria-hidden />,
          () => mediaUploads.remove(id),
        )}
    </>
  );
}
